// closing.ts - which command carries out a proposal for closing a gap.

export interface Way {
  code: string;
  group: { id: string } | null;
  person: { id: string } | null;
}

export interface Act {
  do: string;
  fields: Record<string, string>;
}

/** Null for a proposal this version cannot carry out, or one that lacks whom it is about. */
export function actOf(way: Way, project: string, from: string): Act | null {
  const group = way.group?.id;
  const person = way.person?.id;
  switch (way.code) {
    case 'attach':
      return group ? { do: 'attachment.add', fields: { project, group, from } } : null;
    case 'assign':
      return person ? { do: 'liaison.add', fields: { project, person, from } } : null;
    case 'post':
      return person ? { do: 'posting.add', fields: { project, person, from } } : null;
    case 'station':
      return group ? { do: 'station.add', fields: { group, project, from } } : null;
    case 'appoint':
      return group && person
        ? { do: 'office.add', fields: { group, person, post: 'leader', from } }
        : null;
    default:
      return null;
  }
}
