#include "bench/chatter.h"

#include <stdio.h>

#include "bench/must.h"
#include "engine/ledger.h"
#include "store/things.h"

#define PEOPLE   60
#define THINGS   40
#define FIRST_MS UINT64_C(1788220800000) /* 2026-09-01 */
#define TEXT_MAX 400

/* Halves of what is said: measured 0, for training 1. */
static const char *const places[2][8] = {
    {"N36号塔基坑东侧", "三号牵张场", "220kV跨越架", "材料站吊装区", "G12塔横担处",
     "临时用电二级箱", "深基坑作业平台", "索道下料点"},
    {"A7号塔位", "一标段张力场", "35kV跨越点", "钢筋加工棚", "B25塔中相", "发电机房", "人工挖孔桩",
     "山坡运输便道"},
};
static const char *const hazards[2][8] = {
    {"护栏缺失两处，夜间无警示灯", "绞磨锚桩松动，未及时加固补强", "接地线截面不足且未压接牢固",
     "作业人员高处移位时失去保护", "吊索具磨损超标仍在使用", "配电箱门未锁，漏电保护试跳失灵",
     "坑口堆土过近，边坡有裂缝渗水", "氧气乙炔瓶间距不足五米"},
    {"脚手板未绑扎，探头板外露", "地锚埋深不够，回填不实", "电焊机外壳未接地",
     "攀登时未使用速差自控器", "钢丝绳断丝超过规定仍未更换", "电缆拖地浸水，绝缘破损",
     "坑内无通风检测记录", "灭火器压力不足，已过检验期"},
};
static const char *const actions[2][8] = {
    {"已责令班组停工，由安全员现场旁站整改，完成后复查", "更换合格品并对全班重新交底签字",
     "增设围栏和警示标识，安排专人看护", "已联系供货单位，预计后天上午到场",
     "按方案重新验算锚固受力，监理确认后恢复", "当场整改完毕，照片已存档", "转项目部协调停电计划",
     "党员责任区带班人员跟踪到闭环"},
    {"立即撤离人员并设置隔离", "重新绑扎后验收合格", "由电工测量接地电阻并记录",
     "安排补充培训，考试合格后上岗", "报公司机具站调换", "架空敷设并加装护套", "配备四合一检测仪",
     "送检并登记台账"},
};
static const char *const checklist[] = {
    "安全帽、安全带佩戴正确", "作业票与现场一致",   "工器具经检验合格",     "监护人到位",
    "地锚、拉线受力检查",     "接地线装设位置正确", "天气条件满足作业要求", "急救药箱和担架到位",
    "跨越架验收挂牌",         "通信联络畅通",       "特种作业人员持证",     "危险点已逐条讲解"};
static const char *const surnames[] = {"王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴"};
static const char *const names[] = {"建国", "海涛", "志强", "晓明", "永辉", "文斌", "丽华", "振东"};

typedef struct Cast {
    Ledger ledger;
    Chatter *chatter;
    Id people[PEOPLE];
    Id things[THINGS]; /* briefings, activities, tasks, whatever entries lead to */
    Id last[4];        /* of steps, signals, handlings, postings */
    uint64_t stamp;
    int64_t scope_key;
} Cast;

static uint32_t below(Chatter *chatter, uint32_t count)
{
    chatter->chance = chatter->chance * UINT64_C(6364136223846793005) + 1442695040888963407U;
    return (uint32_t)(chatter->chance >> 33) % count;
}

static const char *phrase(Chatter *chatter, const char *const phrases[2][8])
{
    return phrases[chatter->is_for_training ? 1 : 0][below(chatter, 8)];
}

static void set_text(Record *record, unsigned field, Arena *arena, const char *format, ...)
    PRINTF_LIKE(4, 5);
static void set_text(Record *record, unsigned field, Arena *arena, const char *format, ...)
{
    char *text = arena_array(arena, char, TEXT_MAX);
    va_list args;
    if (text == NULL) give_up("there is not enough memory");
    va_start(args, format);
    (void)vsnprintf(text, TEXT_MAX, format, args);
    va_end(args);
    record_set_text(record, field, text_from_z(text));
}

static Id person(Cast *cast)
{
    return cast->people[below(cast->chatter, PEOPLE)];
}

static Id thing(Cast *cast)
{
    return cast->things[below(cast->chatter, 6)]; /* what goes on at the same time */
}

static int64_t today(const Cast *cast)
{
    return (int64_t)(hlc_ms(cast->stamp) / 86400000);
}

static void fill_check(Cast *cast, Record *record, Arena *arena)
{
    Chatter *chatter = cast->chatter;
    record_set_ref(record, CHECK_BRIEFING, thing(cast));
    record_set_text(record, CHECK_ITEM, text_from_z(checklist[below(chatter, 12)]));
    record_set_int(record, CHECK_FOUND, 1 + below(chatter, 4));
    if (below(chatter, 10) == 0)
        set_text(record, CHECK_NOTE, arena, "%s", phrase(chatter, actions));
}

static void fill_step(Cast *cast, Record *record, Arena *arena)
{
    Chatter *chatter = cast->chatter;
    record_set_ref(record, STEP_TASK, thing(cast));
    record_set_int(record, STEP_ACT, 1 + below(chatter, 4));
    if (below(chatter, 2) == 0) record_set_ref(record, STEP_FOLLOWS, cast->last[0]);
    record_set_int(record, STEP_DAY, today(cast));
    record_set_ref(record, STEP_BY, person(cast));
    if (below(chatter, 4) == 0)
        set_text(record, STEP_WORDS, arena, "%s%s", phrase(chatter, places),
                 phrase(chatter, actions));
}

static void fill_hazard(Cast *cast, Record *record, Arena *arena)
{
    Chatter *chatter = cast->chatter;
    record_set_int(record, SIGNAL_KIND, 1);
    record_set_ref(record, SIGNAL_PROJECT, cast->things[THINGS - 1]);
    set_text(record, SIGNAL_WHAT, arena, "%s%s", phrase(chatter, places), phrase(chatter, hazards));
    record_set_ref(record, SIGNAL_RAISER, person(cast));
    record_set_int(record, SIGNAL_DAY, today(cast));
}

static void fill_handling(Cast *cast, Record *record, Arena *arena)
{
    Chatter *chatter = cast->chatter;
    record_set_ref(record, HANDLING_SIGNAL, cast->last[1]);
    record_set_int(record, HANDLING_STEP, 1 + below(chatter, 4));
    record_set_ref(record, HANDLING_FOLLOWS, cast->last[2]);
    record_set_ref(record, HANDLING_PERSON, person(cast));
    if (below(chatter, 2) == 0)
        set_text(record, HANDLING_NOTE, arena, "%s", phrase(chatter, actions));
    record_set_int(record, HANDLING_DAY, today(cast));
}

static void fill_attendance(Cast *cast, Record *record)
{
    record_set_ref(record, ATTENDANCE_ACTIVITY, thing(cast));
    record_set_ref(record, ATTENDANCE_PERSON, person(cast));
    record_set_int(record, ATTENDANCE_STATUS, 2);
    record_set_int(record, ATTENDANCE_SIGNATURE, 1);
    record_set_int(record, ATTENDANCE_SIGNED_ON, today(cast));
}

static void fill_topic(Cast *cast, Record *record, Arena *arena)
{
    record_set_ref(record, TOPIC_ACTIVITY, thing(cast));
    record_set_int(record, TOPIC_MATTER, 1);
    set_text(record, TOPIC_TITLE, arena, "学习近期事故通报，讨论%s防范措施",
             phrase(cast->chatter, places));
    if (below(cast->chatter, 2) == 0)
        set_text(record, TOPIC_DISCUSSION, arena, "%s", phrase(cast->chatter, actions));
}

static void fill_person(Cast *cast, Record *record, Arena *arena)
{
    Chatter *chatter = cast->chatter;
    set_text(record, PERSON_NAME, arena, "%s%s", surnames[below(chatter, 10)],
             names[below(chatter, 8)]);
    record_set_ref(record, PERSON_UNIT, chatter->unit);
    set_text(record, PERSON_STAFF_NO, arena, "SBD%05u", below(chatter, 100000));
}

static void fill_posting(Cast *cast, Record *record)
{
    record_set_ref(record, POSTING_PERSON, person(cast));
    record_set_ref(record, POSTING_PROJECT, cast->things[THINGS - 1]);
    record_set_int(record, POSTING_FROM, today(cast));
}

static KindCode choose(Cast *cast, Record *record, Arena *arena)
{
    const uint32_t of_100 = below(cast->chatter, 100);
    if (of_100 < 30) return fill_check(cast, record, arena), KIND_CHECK;
    if (of_100 < 56) return fill_attendance(cast, record), KIND_ATTENDANCE;
    if (of_100 < 76) return fill_step(cast, record, arena), KIND_STEP;
    if (of_100 < 86) return fill_handling(cast, record, arena), KIND_HANDLING;
    if (of_100 < 92) return fill_hazard(cast, record, arena), KIND_SIGNAL;
    if (of_100 < 96) return fill_topic(cast, record, arena), KIND_TOPIC;
    if (of_100 < 98) return fill_person(cast, record, arena), KIND_PERSON;
    return fill_posting(cast, record), KIND_POSTING;
}

static void keep_last(Cast *cast, KindCode kind, Id id)
{
    if (kind == KIND_STEP) cast->last[0] = id;
    if (kind == KIND_SIGNAL) cast->last[1] = id;
    if (kind == KIND_HANDLING) cast->last[2] = id;
}

static void write_one(Cast *cast)
{
    AUTO(arena_done) Arena arena = {0};
    Entry entry;
    Err err;
    Record record = {0};
    int64_t key = 0;
    Chatter *chatter = cast->chatter;
    arena_init(&arena, 64 * 1024);
    cast->stamp = hlc_stamp(hlc_ms(cast->stamp) + 200 + below(chatter, 40000), 0);
    const KindCode kind = choose(cast, &record, &arena);
    entry_init(&entry, vocab_kind((unsigned)kind), VERB_CREATE, cast->stamp);
    entry.record = record;
    entry.record.kind = entry.kind_info;
    entry.actor = person(cast);
    entry.subject = ledger_id(&cast->ledger, cast->stamp);
    if (entry.is_personal) host_random(chatter->node->host, entry.salt, sizeof entry.salt);
    must(thing_add(chatter->store, chatter->node->shard, entry.subject, kind, &key, &err), &err);
    must(ledger_append(&cast->ledger, &entry, chatter->unit, cast->scope_key, key, &err), &err);
    keep_last(cast, kind, entry.subject);
}

static void gather(Cast *cast)
{
    Err err;
    Chatter *chatter = cast->chatter;
    const uint64_t begin = cast->ledger.clock.last;
    cast->stamp = begin > hlc_stamp(FIRST_MS, 0) ? begin + (1U << 20) : hlc_stamp(FIRST_MS, 0);
    for (size_t i = 0; i < PEOPLE; i++)
        cast->people[i] = ledger_id(&cast->ledger, hlc_stamp(FIRST_MS - 9000000 + 1300 * i, 0));
    for (size_t i = 0; i < THINGS; i++)
        cast->things[i] = ledger_id(&cast->ledger, hlc_stamp(FIRST_MS - 100000 + 700 * i, 0));
    for (size_t i = 0; i < 4; i++)
        cast->last[i] = cast->things[i + 10];
    must(thing_intern(chatter->store, chatter->node->shard, chatter->unit, KIND_NONE,
                      &cast->scope_key, &err),
         &err);
}

void chatter_write(Chatter *chatter, size_t count, size_t group)
{
    static Cast cast;
    Err err;
    cast = (Cast){.chatter = chatter};
    must(ledger_open(&cast.ledger, chatter->node, chatter->store, &err), &err);
    for (size_t done = 0; done < count;) {
        AUTO(tx_rollback) Tx tx = {0};
        must(tx_begin(&tx, chatter->store, &err), &err);
        if (done == 0) gather(&cast);
        for (size_t i = 0; i < group && done < count; i++, done++)
            write_one(&cast);
        must(tx_commit(&tx, &err), &err);
    }
    ledger_close(&cast.ledger);
}
