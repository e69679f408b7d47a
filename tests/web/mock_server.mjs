// mock_server.mjs [PORT] - the pages in web/dist on an invented world, for working on the pages
// alone. Signs in anybody with the password "demo". The strict headers are those the program sends.
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import {
    carried,
    changes,
    coverage,
    during,
    groupsOf,
    makeWorld,
    metres,
    move,
    named,
    plus,
    said,
    STATES,
    stationOf,
    TODAY,
} from './mock_world.mjs';

const dist = path.join(path.dirname(fileURLToPath(import.meta.url)), '../../web/dist');
const world = makeWorld();
const streams = new Set();
const sessions = new Map();
const CONFIRMED_MS = 5 * 60_000;
const answered = new Map();
let needsSetup = process.env.MOCK_SETUP === '1';

const TYPES = {
    '.html': 'text/html; charset=utf-8',
    '.js': 'text/javascript',
    '.css': 'text/css',
    '.svg': 'image/svg+xml',
};
const SECURITY = {
    'Content-Security-Policy':
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'; " +
        "require-trusted-types-for 'script'; trusted-types vue",
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'same-origin',
};

class Refusal extends Error {
    constructor(status, code, detail) {
        super(detail);
        Object.assign(this, { status, code, detail });
    }
}
const find = (list, id) => {
    const thing = list.find((each) => each.id === id);
    if (!thing) throw new Refusal(404, 'not_found', `There is nothing with the id ${id}.`);
    return thing;
};
const paged = (items, query) => {
    const size = Math.min(Number(query.size) || 50, 200);
    const page = Number(query.page) || 1;
    return { items: items.slice((page - 1) * size, page * size), total: items.length, page, size };
};
const matches = (q, ...texts) => !q || texts.some((text) => text && text.includes(q));
const inUnit = (unit, id) =>
    !id || unit.id === id || world.units.find((each) => each.id === unit.id)?.parent === id;
const person = (p) => ({
    id: p.id,
    name: p.name,
    staff_no: p.staff_no,
    trade: p.trade,
    unit: p.unit,
});
const member = (posting, on) => ({
    person: person(posting.person),
    posting: {
        id: posting.id,
        from: posting.from,
        to: posting.to,
        pending: posting.pending,
        core: posting.core,
    },
    party: posting.person.party,
    union: posting.person.union,
    groups: groupsOf(world, posting.person, on),
});
const groupOut = (group, on) => {
    const s = stationOf(world, group, on);
    return {
        id: group.id,
        name: group.name,
        kind: group.kind,
        form: group.form,
        unit: group.unit,
        station: s && { project: named(s.project), from: s.from, to: s.to },
    };
};
const PHASES = [
    ['PRE', '前期策划', 'pre-planning'],
    ['MOB', '进场', 'mobilisation'],
    ['FND', '基础', 'foundation'],
    ['TWR', '铁塔组立', 'tower erection'],
    ['STR', '架线', 'stringing'],
    ['TST', '试验调试', 'tests'],
    ['ENG', '送电', 'energising'],
];
const phasesOf = (project) =>
    PHASES.map(([phase, zh, en], at) => ({
        phase,
        zh,
        en,
        from: plus(project.from, at * 60),
        to: plus(project.from, at * 60 + 59),
    }));

function board(query, on) {
    const all = world.projects
        .filter(
            (project) =>
                inUnit(project.unit, query.unit) && matches(query.q, project.name, project.code),
        )
        .map((project) => ({ project, ...coverage(world, project, on) }));
    const counts = { total: all.length };
    for (const state of STATES) counts[state] = all.filter((item) => item.state === state).length;
    const items = all
        .filter((item) => !query.state || item.state === query.state)
        .filter((item) => query.attention !== '1' || ['uncovered', 'liaison'].includes(item.state))
        .sort((a, b) => (STATES.indexOf(b.state) % 8) - (STATES.indexOf(a.state) % 8));
    return { on, version: world.version, counts, ...paged(items, query) };
}

function preview(group, query, on) {
    const to = find(world.projects, query.to);
    const at = stationOf(world, group, on);
    if (at?.project === to)
        throw new Refusal(422, 'invalid', `${group.name} already stands at ${to.name}.`);
    const people = carried(world, group, on).map((posting) => named(posting.person));
    const next = { ...world, postings: world.postings.map((posting) => ({ ...posting })) };
    move(next, group, to, on);
    const sides = [at?.project, to]
        .filter((project) => project)
        .map((project) => {
            const before = coverage(world, project, on);
            const after = coverage(next, project, on);
            return {
                project: named(project),
                before: { state: before.state, reasons: before.reasons },
                after: { state: after.state, reasons: after.reasons },
            };
        });
    const findings = [];
    if (sides[0].after.state === 'uncovered')
        findings.push({
            ...said(
                'leaves_gap',
                `${sides[0].project.name} 将没有组织覆盖`,
                `${sides[0].project.name} will not be covered`,
            ),
            level: 'warning',
        });
    if (!during(to, on))
        findings.push({
            ...said(
                'not_active',
                '那一天目的项目不在工期内',
                'The destination is not active on that day',
            ),
            level: 'error',
        });
    return {
        group: named(group),
        from: named(at?.project),
        to: named(to),
        on,
        facts: [
            ...(at
                ? [
                      {
                          ...said('close_station', '结束原驻点', 'close the station'),
                          person: null,
                          project: named(at.project),
                          from: at.from,
                          to: plus(on, -1),
                      },
                  ]
                : []),
            {
                ...said('open_station', '设立新驻点', 'open the new station'),
                person: null,
                project: named(to),
                from: on,
                to: null,
            },
            ...people.map((each) => ({
                ...said('open_posting', '派驻到新项目', 'post to the new project'),
                person: each,
                project: named(to),
                from: on,
                to: null,
            })),
        ],
        people,
        sides,
        findings,
        may_confirm: !findings.some((finding) => finding.level === 'error'),
    };
}

function whyCoverage(query, on) {
    const project = find(world.projects, query.project);
    const { state, reasons } = coverage(world, project, on);
    const station = world.stations.find(
        (s) => s.project === project && s.group.kind === 'party' && during(s, on),
    );
    const rule = {
        id: 'form.group',
        title_zh: '有三名以上党员、其中至少一名正式党员的，可以成立党小组',
        title_en: 'Three or more members, at least one of them formal, may form a group',
        source: '《中国共产党支部工作条例（试行）》',
    };
    return {
        state,
        on,
        project: named(project),
        reasons: reasons.map((reason) => ({
            ...reason,
            rule,
            facts: station
                ? [
                      {
                          kind: 'station',
                          id: station.group.id,
                          zh: `驻点：${station.group.name} · ${project.name} · ${station.from} – …`,
                          en: `station: ${station.group.name} · ${project.name} · ${station.from} – …`,
                      },
                  ]
                : [],
        })),
    };
}

function whyMembership(query, on) {
    const who = find(world.persons, query.person);
    const group = find(world.groups, query.group);
    const posting = world.postings.find((each) => each.person === who && during(each, on));
    const answer = groupsOf(world, who, on).some((each) => each.id === group.id);
    const rule = {
        id: 'absorb',
        title_zh: '派驻到项目的人，按身份自动编入驻在该项目的组',
        title_en:
            'Whoever is posted to a project belongs to the groups stationed there, by standing',
        source: null,
    };
    const facts = posting
        ? [
              {
                  kind: 'posting',
                  id: posting.id,
                  zh: `派驻：${who.name} · ${posting.project.name} · ${posting.from} – …`,
                  en: `posting: ${who.name} · ${posting.project.name} · ${posting.from} – …`,
              },
          ]
        : [];
    if (who.party !== 'none')
        facts.push({
            kind: 'standing',
            id: who.id,
            zh: `身份：${who.name} · 中共党员 · 2015-07-01 – …`,
            en: `standing: ${who.name} · Party member · 2015-07-01 – …`,
        });
    return {
        answer,
        on,
        person: named(who),
        group: named(group),
        reasons: [
            {
                ...said(
                    'derived',
                    '派驻期与驻点期重合，身份符合',
                    'Posting and station overlap and the standing fits',
                ),
                facts,
                rule,
            },
        ],
    };
}

function gaps(on) {
    const parties = world.stations.filter((s) => s.group.kind === 'party' && during(s, on));
    const open = world.projects.filter(
        (project) => coverage(world, project, on).state === 'uncovered',
    );
    const near = (project) =>
        parties
            .map((s) => ({ group: s.group, distance_m: metres(project, s.project) }))
            .filter((each) => each.distance_m !== null)
            .sort((a, b) => a.distance_m - b.distance_m);
    const pairs = open.flatMap((project) =>
        near(project)
            .slice(0, 1)
            .map((each) => ({
                project: named(project),
                group: named(each.group),
                distance_m: each.distance_m,
            })),
    );
    return {
        on,
        items: open.map((project) => ({
            project,
            reasons: coverage(world, project, on).reasons,
            proposals: [
                ...near(project)
                    .slice(0, 2)
                    .map((each) => ({
                        code: 'attach',
                        zh: '指定挂靠',
                        en: 'attach to a group',
                        group: named(each.group),
                        person: null,
                        from: named(stationOf(world, each.group, on).project),
                        result: 'attached_named',
                        distance_m: each.distance_m,
                        effects: [
                            said(
                                'span',
                                '该组将覆盖两个项目',
                                'That group then covers two projects',
                            ),
                        ],
                    })),
                ...near(project)
                    .slice(0, 1)
                    .map((each) => ({
                        code: 'move',
                        zh: '移动党小组到此',
                        en: 'move a group here',
                        group: named(each.group),
                        person: null,
                        from: named(stationOf(world, each.group, on).project),
                        result: 'own_group',
                        distance_m: each.distance_m,
                        effects: [],
                    })),
                {
                    code: 'assign',
                    zh: '指定联络党员',
                    en: 'assign a liaison member',
                    group: null,
                    from: null,
                    result: 'liaison',
                    person: named(world.persons[3]),
                    distance_m: null,
                    effects: [],
                },
            ],
        })),
        assignment: {
            total_distance_m: pairs.reduce((sum, pair) => sum + pair.distance_m, 0),
            pairs,
        },
    };
}

function projectPage(project, on) {
    return {
        on,
        project: { ...project, phases: phasesOf(project) },
        coverage: coverage(world, project, on),
        groups: world.stations
            .filter((s) => s.project === project && during(s, on))
            .map((s) => ({
                ...named(s.group),
                kind: s.group.kind,
                form: s.group.form,
                stationed: true,
                at: named(project),
                from: s.from,
                to: s.to,
                leader: named(s.group.leader),
                members: world.postings.filter(
                    (p) =>
                        p.project === project &&
                        during(p, on) &&
                        groupsOf(world, p.person, on).some((g) => g.id === s.group.id),
                ).length,
            })),
        homes:
            project === world.projects[1]
                ? [
                      {
                          id: project.id,
                          name: '流动党员之家 2 号箱',
                          facilities: '书柜、电视、净水机、急救箱',
                          from: project.from,
                          to: null,
                      },
                  ]
                : [],
        changes: changes(world, project, on),
    };
}

const GET = [
    [
        /^projects$/,
        (q) =>
            paged(
                world.projects.filter((p) => matches(q.q, p.name, p.code)),
                q,
            ),
    ],
    [/^projects\/([^/]+)$/, (q, on, id) => projectPage(find(world.projects, id), on)],
    [
        /^projects\/([^/]+)\/members$/,
        (q, on, id) => {
            const project = find(world.projects, id);
            return paged(
                world.postings
                    .filter((p) => p.project === project && during(p, on))
                    .map((p) => member(p, on))
                    .filter(
                        (m) =>
                            matches(q.q, m.person.name, m.person.staff_no) &&
                            (!q.kind || m.groups.some((g) => g.kind === q.kind)),
                    ),
                q,
            );
        },
    ],
    [/^coverage$/, (q, on) => board(q, on)],
    [
        /^groups$/,
        (q, on) =>
            paged(
                world.groups.filter((g) => matches(q.q, g.name)).map((g) => groupOut(g, on)),
                q,
            ),
    ],
    [
        /^groups\/([^/]+)$/,
        (q, on, id) => {
            const group = find(world.groups, id);
            const stations = world.stations
                .filter((s) => s.group === group)
                .map((s) => ({ project: named(s.project), from: s.from, to: s.to }));
            return {
                group: groupOut(group, on),
                stations,
                leader: named(group.leader),
                home: null,
            };
        },
    ],
    [
        /^groups\/([^/]+)\/members$/,
        (q, on, id) =>
            paged(
                world.postings
                    .filter((p) => during(p, on))
                    .filter((p) => groupsOf(world, p.person, on).some((g) => g.id === id))
                    .map((p) => member(p, on)),
                q,
            ),
    ],
    [/^groups\/([^/]+)\/move$/, (q, on, id) => preview(find(world.groups, id), q, on)],
    [/^why\/coverage$/, whyCoverage],
    [/^why\/membership$/, whyMembership],
    [/^gaps$/, (q, on) => gaps(on)],
    [
        /^persons$/,
        (q) =>
            paged(
                world.persons.filter(
                    (p) => matches(q.q, p.name, p.staff_no) && inUnit(p.unit, q.unit),
                ),
                q,
            ),
    ],
    [
        /^persons\/([^/]+)$/,
        (q, on, id) => {
            const who = find(world.persons, id);
            const standings =
                who.party === 'none'
                    ? []
                    : [
                          {
                              id: who.id,
                              standing:
                                  who.party === 'formal' ? 'party_formal' : 'party_probationary',
                              from: '2015-07-01',
                              to: null,
                          },
                      ];
            return {
                person: who,
                standings,
                groups: groupsOf(world, who, on),
                exceptions: [],
                postings: world.postings
                    .filter((p) => p.person === who)
                    .map((p) => ({
                        id: p.id,
                        project: named(p.project),
                        from: p.from,
                        to: p.to,
                        pending: p.pending,
                    })),
                findings: who.id.endsWith('3')
                    ? [
                          said(
                              'overlap',
                              '两段派驻在 2026-10-01 至 2026-10-07 重叠，按后开始的计算',
                              'Two postings overlap from 2026-10-01 to 2026-10-07; the later start counts',
                          ),
                      ]
                    : [],
            };
        },
    ],
    [/^units$/, (q) => paged(world.units, q)],
];

const sessionOut = (name, csrf) => ({
    account: { id: 'a1', name },
    roles: [{ role: 'staff', scope: named(world.units[1]) }],
    csrf,
    may: ['read', 'read_people', 'write', 'group.move', 'reveal'],
});

function signIn(body, response) {
    const token = randomBytes(16).toString('hex');
    const session = {
        name: body.name,
        csrf: randomBytes(8).toString('hex'),
        confirmed: Date.now(),
    };
    sessions.set(token, session);
    response.setHeader('Set-Cookie', `tongpin=${token}; HttpOnly; SameSite=Strict; Path=/`);
    return sessionOut(session.name, session.csrf);
}

function add(each) {
    const { project, group, person, from } = each.fields;
    if (each.do === 'attachment.add')
        world.attachments.push({
            project: find(world.projects, project),
            group: find(world.groups, group),
            from,
            to: null,
        });
    else if (each.do === 'liaison.add')
        world.liaisons.push({
            project: find(world.projects, project),
            person: find(world.persons, person),
            from,
            to: null,
        });
    else throw new Refusal(422, 'invalid', `This mock does not do ${each.do}.`);
    world.version++;
    const result = { op: each.op, status: 'done', ids: [] };
    answered.set(each.op, result);
    return result;
}

function command(body) {
    const results = body.commands.map((each) => {
        if (answered.has(each.op)) return answered.get(each.op);
        if (each.do !== 'group.move') return add(each);
        const seen = preview(find(world.groups, each.group), each, each.on);
        const result = seen.may_confirm
            ? { op: each.op, status: 'done', ids: [] }
            : {
                  op: each.op,
                  status: 'refused',
                  error: { code: 'invalid', detail: seen.findings[0].en },
              };
        if (seen.may_confirm)
            move(world, find(world.groups, each.group), find(world.projects, each.to), each.on);
        answered.set(each.op, result);
        return result;
    });
    for (const stream of streams)
        stream.write(`event: change\ndata: {"version":${world.version}}\n\n`);
    return { results, version: world.version };
}

function api(request, response, name, query, body) {
    const token = /tongpin=(\w+)/.exec(request.headers.cookie ?? '')?.[1];
    const session = sessions.get(token);
    if (name === 'node')
        return {
            name: '滨海总部',
            role: 'hq',
            version: '0.1.0',
            needs_setup: needsSetup,
            today: TODAY,
            demo: true,
            signed_in: session !== undefined,
        };
    if (name === 'setup' && request.method === 'POST') {
        if (body.code !== 'ABCD-EFGH') throw new Refusal(403, 'denied', 'That is not the code.');
        needsSetup = false;
        return signIn(body, response);
    }
    if (name === 'session' && request.method === 'POST') {
        if (body.password !== 'demo')
            throw new Refusal(401, 'unauthorized', 'Name or password is wrong.');
        return signIn(body, response);
    }
    if (!session) throw new Refusal(401, 'unauthorized', 'Sign in first.');
    if (request.method !== 'GET' && request.headers['x-csrf'] !== session.csrf)
        throw new Refusal(403, 'csrf', 'The X-CSRF header is missing or old.');
    if (name === 'session' && request.method === 'GET')
        return sessionOut(session.name, session.csrf);
    if (name === 'session') return void sessions.delete(token);
    if (name === 'password') return undefined;
    if (name === 'session/confirm') {
        if (body.password !== 'demo')
            throw new Refusal(403, 'wrong_password', 'That is not your password.');
        sessions.delete(token);
        return signIn(session, response);
    }
    if (/\/reveal$/.test(name) && Date.now() - session.confirmed > CONFIRMED_MS)
        throw new Refusal(403, 'password_confirm_required', 'Confirm your password first.');
    if (name === 'commands') return command(body);
    if (/\/reveal$/.test(name))
        return { value: body.field === 'phone' ? '13800001234' : '110101198805170012' };
    for (const [pattern, answer] of GET) {
        const found = pattern.exec(name);
        if (found) return answer(query, query.on || TODAY, found[1]);
    }
    throw new Refusal(404, 'not_found', `There is no /api/v1/${name}.`);
}

function sendFile(request, response, pathname) {
    let file = path.join(dist, path.normalize(pathname));
    if (!file.startsWith(dist) || !existsSync(file) || statSync(file).isDirectory())
        file = path.join(dist, 'index.html');
    const type = TYPES[path.extname(file)] ?? 'application/octet-stream';
    const immutable = /\/assets\//.test(file) ? 'public, max-age=31536000, immutable' : 'no-cache';
    response.writeHead(200, { ...SECURITY, 'Content-Type': type, 'Cache-Control': immutable });
    response.end(readFileSync(file));
}

async function handle(request, response) {
    const url = new URL(request.url, 'http://here');
    if (url.pathname === '/healthz')
        return response.setHeader('Content-Type', 'application/json').end('{"status":"ok"}');
    if (!url.pathname.startsWith('/api/')) return sendFile(request, response, url.pathname);
    if (url.pathname === '/api/v1/events') {
        response.writeHead(200, {
            'Content-Type': 'text/event-stream',
            'Cache-Control': 'no-store',
        });
        response.write(': here\n\n');
        streams.add(response);
        request.on('close', () => streams.delete(response));
        return undefined;
    }
    let text = '';
    for await (const chunk of request) text += chunk;
    try {
        const body = api(
            request,
            response,
            url.pathname.slice('/api/v1/'.length),
            Object.fromEntries(url.searchParams),
            text ? JSON.parse(text) : {},
        );
        if (body === undefined) return response.writeHead(204).end();
        const out = JSON.stringify(body);
        const etag = `"${createHash('sha256').update(out).digest('hex').slice(0, 16)}"`;
        if (request.headers['if-none-match'] === etag)
            return response.writeHead(304, { ETag: etag }).end();
        return response
            .writeHead(200, {
                'Content-Type': 'application/json',
                'Cache-Control': 'no-store',
                ETag: etag,
            })
            .end(out);
    } catch (error) {
        const { status = 500, code = 'internal', detail = String(error.stack) } = error;
        const problem = { type: 'about:blank', title: code, status, code, detail };
        return response
            .writeHead(status, { 'Content-Type': 'application/problem+json' })
            .end(JSON.stringify(problem));
    }
}

const server = createServer((request, response) => void handle(request, response));
server.listen(Number(process.argv[2] ?? 8600), '127.0.0.1', () => {
    console.log(`http://127.0.0.1:${server.address().port}/`);
});
