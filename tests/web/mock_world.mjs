// mock_world.mjs - a small invented world for working on the pages without the program. It follows
// the API's shapes, and its rules only far enough that a move changes coverage on both sides.
const DAY_MS = 86_400_000;
export const TODAY = new Date().toISOString().slice(0, 10);
export const plus = (day, days) =>
    new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10);

let seed = 20261122;
const random = () => {
    seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
    return seed / 0x7fffffff;
};
const from = (list) => list[Math.floor(random() * list.length)];
let counter = 0;
const id = () => `01936f00-0000-7000-8000-${String(++counter).padStart(12, '0')}`;
const said = (code, zh, en) => ({ code, zh, en });
const named = (thing) => (thing ? { id: thing.id, name: thing.name } : null);

const SURNAMES = [...'王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗单曾解仇'];
const GIVEN = [...'伟芳娜敏静强磊军洋勇艳杰娟涛明超兰霞平刚桂英华玉萍红'];
const TRADES = ['高空作业', '电工', '起重', '测量', '架子工', '司索', '普工', '技术员', '安全员'];
const STATES = [
    'own_branch',
    'temporary_branch',
    'joint_branch',
    'own_group',
    'attached_named',
    'attached_near',
    'liaison',
    'uncovered',
    'not_active',
];

function makeUnits() {
    const company = {
        id: id(),
        name: '滨海送变电公司',
        parent: null,
        level: 'company',
        code: 'BH',
    };
    const names = ['工程营销部', '线路一分公司', '线路二分公司', '变电分公司', '新能源项目部'];
    return [
        company,
        ...names.map((name, at) => ({
            id: id(),
            name,
            parent: company.id,
            level: 'department',
            code: `BH${at + 1}`,
        })),
    ];
}

function makeProject(units, name, place, lat, lon, start, end, at) {
    return {
        id: id(),
        name,
        code: `GC-${2020 + (at % 7)}-${String(at + 1).padStart(3, '0')}`,
        place,
        unit: named(units[1 + (at % (units.length - 1))]),
        from: start,
        to: end,
        stage: 'active',
        lat,
        lon,
    };
}

export function makeWorld() {
    const units = makeUnits();
    const projects = [
        makeProject(
            units,
            '和风风电一期送出线路',
            '大港苇场',
            38.72,
            117.42,
            plus(TODAY, -700),
            plus(TODAY, -200),
            0,
        ),
        makeProject(
            units,
            '益风风电二期送出线路',
            '大港苇场北',
            38.78,
            117.46,
            plus(TODAY, -260),
            plus(TODAY, 120),
            5,
        ),
        makeProject(
            units,
            '尚风风电三期送出线路',
            '沿海滩涂',
            38.61,
            117.55,
            plus(TODAY, -20),
            plus(TODAY, 500),
            10,
        ),
    ];
    projects[0].stage = 'closed';
    const places = [
        '锡林',
        '苇场',
        '北塘',
        '海晶',
        '东丽',
        '静海',
        '宁河',
        '蓟州',
        '武清',
        '唐山南',
        '黄骅',
        '任丘',
    ];
    const works = [
        '500kV 线路 N 标段',
        '220kV 线路改造',
        '110kV 变电站',
        '光伏送出线路',
        '风电场集电线路',
    ];
    for (let at = 0; at < 36; at++) {
        const name = `${places[at % places.length]} ${works[Math.floor(at / places.length + at) % works.length]}${at >= 12 ? ` ${Math.floor(at / 12) + 1} 期` : ''}`;
        const sited = at % 13 !== 5;
        projects.push(
            makeProject(
                units,
                name,
                `${places[at % places.length]}镇`,
                sited ? 38.2 + random() * 1.9 : null,
                sited ? 116.3 + random() * 2.1 : null,
                plus(TODAY, -Math.floor(random() * 400) - 20),
                at % 4 ? plus(TODAY, Math.floor(random() * 400) + 30) : null,
                at + 3,
            ),
        );
    }
    const world = {
        version: 1,
        units,
        projects,
        persons: [],
        postings: [],
        groups: [],
        stations: [],
        attachments: [],
        liaisons: [],
    };
    projects.forEach((project, at) => people(world, project, at));
    return world;
}

function people(world, project, at) {
    const unit = project.unit;
    const count = 6 + Math.floor(random() * 40);
    const partyShare = [0.25, 0.2, 0, 0.12, 0.04, 0.3][at % 6];
    const roster = Array.from({ length: count }, () => {
        const person = {
            id: id(),
            name: from(SURNAMES) + from(GIVEN) + (random() < 0.6 ? from(GIVEN) : ''),
            staff_no: String(100000 + counter),
            sex: random() < 0.85 ? 'male' : 'female',
            birth: '1988-05-17',
            trade: from(TRADES),
            employment: random() < 0.6 ? 'own' : 'contractor',
            unit,
            party: random() < partyShare ? (random() < 0.85 ? 'formal' : 'probationary') : 'none',
            union: random() < 0.7,
        };
        world.persons.push(person);
        world.postings.push({
            id: id(),
            person,
            project,
            from: plus(project.from, Math.floor(random() * 20)),
            to: project.to,
            pending: random() < 0.03,
            core: person.party !== 'none' && random() < 0.5,
        });
        return person;
    });
    const leader = roster.find((person) => person.party === 'formal') ?? null;
    const station = (group) =>
        world.stations.push({ group, project, from: project.from, to: project.to });
    const add = (name, kind, head) => {
        const group = { id: id(), name, kind, form: 'group', unit, leader: head };
        world.groups.push(group);
        station(group);
    };
    const short =
        project.name.split(/[ 风]/)[0] + (project.name.includes('风') && at < 3 ? '风' : '');
    if (roster.filter((person) => person.party !== 'none').length >= 3)
        add(`${short}流动党小组`, 'party', leader);
    add(`${short}工会小组`, 'union', roster[1]);
    add(`${short}一班`, 'crew', roster[2]);
}

const during = (thing, on) => thing.from <= on && (thing.to === null || thing.to >= on);

function metres(a, b) {
    if (a.lat === null || b.lat === null) return null;
    const east = (a.lon - b.lon) * Math.cos((a.lat * Math.PI) / 180);
    return Math.round(Math.hypot(a.lat - b.lat, east) * 111_320);
}

export function coverage(world, project, on) {
    const { stations } = world;
    const here = world.postings.filter(
        (posting) => posting.project === project && during(posting, on),
    );
    const figures = {
        people: here.length,
        formal: here.filter((posting) => posting.person.party === 'formal').length,
        probationary: here.filter((posting) => posting.person.party === 'probationary').length,
        pending: here.filter((posting) => posting.pending).length,
    };
    const base = { advice: [], group: null, leader: null, ...figures };
    if (!during(project, on)) {
        return {
            ...base,
            state: 'not_active',
            reasons: [said('not_active', '这一天不在工期内', 'Not under construction on this day')],
        };
    }
    const own = stations.find(
        (s) => s.project === project && s.group.kind === 'party' && during(s, on),
    );
    if (own) {
        const enough = said(
            'own_group',
            `有党小组驻点：${own.group.name}`,
            `A Party group stands here: ${own.group.name}`,
        );
        const advice =
            figures.formal >= 3 && (project.to === null || project.to > plus(project.from, 180))
                ? [
                      said(
                          'should_be_branch',
                          '工期六个月以上且有三名正式党员，应当成立党支部',
                          'Six months or longer with three formal members: should be a branch',
                      ),
                  ]
                : [];
        return {
            ...base,
            state: 'own_group',
            reasons: [enough],
            advice,
            group: { ...named(own.group), distance_m: 0 },
            leader: named(own.group.leader),
        };
    }
    const tied = world.attachments.find((each) => each.project === project && during(each, on));
    if (tied) {
        return {
            ...base,
            state: 'attached_named',
            reasons: [
                said('attached', `指定挂靠 ${tied.group.name}`, `Attached to ${tied.group.name}`),
            ],
            group: { ...named(tied.group), distance_m: null },
            leader: named(tied.group.leader),
        };
    }
    const link = world.liaisons.find((each) => each.project === project && during(each, on));
    if (link)
        return {
            ...base,
            state: 'liaison',
            reasons: [
                said(
                    'liaison',
                    `${link.person.name} 任联络党员`,
                    `${link.person.name} is the liaison member`,
                ),
            ],
        };
    const few = figures.formal + figures.probationary;
    if (few === 0) {
        return {
            ...base,
            state: 'uncovered',
            reasons: [said('no_members', '现场没有党员', 'No Party member is posted here')],
            advice: [said('liaison', '可指派联络党员', 'A liaison member could be assigned')],
        };
    }
    const near = stations
        .filter(
            (s) =>
                s.group.kind === 'party' &&
                during(s, on) &&
                s.group.unit.id === project.unit.id &&
                during(s.project, on),
        )
        .map((s) => ({ s, distance: metres(project, s.project) }))
        .filter((each) => each.distance !== null && each.distance <= 90_000)
        .sort((a, b) => a.distance - b.distance)[0];
    const under =
        few >= 3
            ? said('no_group', '没有党小组驻在这里', 'No Party group is stationed here')
            : said(
                  'under_three',
                  `只有 ${few} 名党员，不足三人`,
                  `Only ${few} Party members, fewer than three`,
              );
    if (near) {
        return {
            ...base,
            state: 'attached_near',
            reasons: [
                under,
                said('near', '并入同单位最近的党小组', 'Joins the nearest group of the same unit'),
            ],
            group: { ...named(near.s.group), distance_m: near.distance },
            leader: named(near.s.group.leader),
        };
    }
    return {
        ...base,
        state: 'uncovered',
        reasons: [
            under,
            said(
                'no_group_in_reach',
                '90 公里内没有同单位的党小组',
                'No group of the same unit within 90 km',
            ),
        ],
        advice: [
            said('post', '可增派党员或移来一个党小组', 'Post members here or move a group here'),
        ],
    };
}

export function groupsOf(world, person, on) {
    const posting = world.postings.find((each) => each.person === person && during(each, on));
    if (!posting) return [];
    return world.stations
        .filter((s) => s.project === posting.project && during(s, on))
        .filter(
            (s) =>
                s.group.kind === 'crew' ||
                (s.group.kind === 'party' ? person.party !== 'none' : person.union),
        )
        .map((s) => ({ ...named(s.group), kind: s.group.kind }));
}

function afterMove(world, group, to, on) {
    const closed = world.stations.map((s) =>
        s.group === group && during(s, on) ? { ...s, to: plus(on, -1) } : s,
    );
    return [
        ...closed.filter((s) => s.to === null || s.to >= s.from),
        { group, project: to, from: on, to: null },
    ];
}

export function stationOf(world, group, on) {
    return world.stations.find((s) => s.group === group && during(s, on)) ?? null;
}

export function carried(world, group, on) {
    const station = stationOf(world, group, on);
    if (!station) return [];
    return world.postings.filter(
        (p) =>
            p.core &&
            p.project === station.project &&
            during(p, on) &&
            groupsOf(world, p.person, on).some((each) => each.id === group.id),
    );
}

export function move(world, group, to, on) {
    const core = carried(world, group, on);
    world.stations = afterMove(world, group, to, on);
    for (const posting of core) {
        world.postings.push({ ...posting, id: id(), project: to, from: on, to: null, core: true });
        posting.to = plus(on, -1);
    }
    world.version++;
}

export function changes(world, project, on) {
    const days = new Set();
    for (const s of [...world.stations, project]) {
        for (const day of [s.from, s.to === null ? null : plus(s.to, 1)]) {
            if (day && Math.abs(Date.parse(day) - Date.parse(on)) < 365 * DAY_MS) days.add(day);
        }
    }
    const list = [];
    let last = coverage(world, project, plus(on, -365)).state;
    for (const day of [...days].sort()) {
        const { state } = coverage(world, project, day);
        if (state !== last) {
            if (list.length) list[list.length - 1].to = plus(day, -1);
            list.push({ on: day, to: null, state });
        }
        last = state;
    }
    return list;
}

export { during, metres, named, said, STATES };
