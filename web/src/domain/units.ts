// units.ts - the units as a tree written line by line.

export interface UnitNode {
  id: string;
  name: string;
  parent: string | null;
}

/** Parents before children, children by name. A unit whose parent is not here stands at the root;
 *  units that name one another as parents are still listed, once. */
export function unitTree<Unit extends UnitNode>(
  units: readonly Unit[],
): (Unit & { depth: number })[] {
  const known = new Set(units.map((unit) => unit.id));
  const children = new Map<string, Unit[]>();
  for (const unit of units) {
    const parent = unit.parent !== null && known.has(unit.parent) ? unit.parent : '';
    const siblings = children.get(parent);
    if (siblings) siblings.push(unit);
    else children.set(parent, [unit]);
  }
  const lines: (Unit & { depth: number })[] = [];
  const listed = new Set<string>();
  function list(parent: string, depth: number): void {
    const siblings = (children.get(parent) ?? []).slice();
    siblings.sort((a, b) => a.name.localeCompare(b.name, 'zh-CN'));
    for (const unit of siblings) {
      if (listed.has(unit.id)) continue;
      listed.add(unit.id);
      lines.push({ ...unit, depth });
      list(unit.id, depth + 1);
    }
  }
  list('', 0);
  for (const unit of units) {
    if (listed.has(unit.id)) continue;
    listed.add(unit.id);
    lines.push({ ...unit, depth: 0 });
    list(unit.id, 1);
  }
  return lines;
}
