#include "bench/population.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "vocab/vocab.h"

#define SEED             UINT64_C(20260630)
#define TODAY            ((Day)20634) /* 2026-06-30 */
#define PHONE_COUNT      10000
#define POSTING_DAYS_MAX 720
#define ID_AREA          "999999"

/* Shares and lengths; assumptions, kept in one place so that they can be argued about. */
#define SHARE_OWN          0.30 /* of all people */
#define SHARE_DISPATCHED   0.10
#define SHARE_ON_SITE      0.62 /* posted somewhere today */
#define SHARE_OPEN_ENDED   0.30 /* of the postings that run today */
#define SHARE_OVERLAPS     0.02 /* of the postings before another */
#define SHARE_PROBATIONARY 0.10 /* of Party members */
#define SHARE_CORE         0.08
#define WEIBULL_SHAPE      1.2
#define MEDIAN_DAYS_OWN    240.0
#define MEDIAN_DAYS_OTHERS 95.0
#define GAP_DAYS           20.0

/* What a hash is for. The order is part of the population: new ones go to the end. */
enum { KIND_OF_SITE = 1, KIND_OF_WORKER, KIND_OF_DEPARTMENT };
enum {
    FIELD_LAT,
    FIELD_LON,
    FIELD_TURN, /* from the finished project to the active one */
    FIELD_START,
    FIELD_END,
    FIELD_SIZE,
    FIELD_SIZE_MORE,
    FIELD_FEW,
    FIELD_PARTY_SHARE,
    FIELD_SURNAME,
    FIELD_GIVEN_SIZE,
    FIELD_GIVEN_FIRST,
    FIELD_GIVEN_SECOND,
    FIELD_PHONE,
    FIELD_TRADE,
    FIELD_EMPLOYMENT,
    FIELD_IS_MEMBER,
    FIELD_IS_PROBATIONARY,
    FIELD_PARTY_AGE,
    FIELD_IS_UNION,
    FIELD_UNION_AGE,
    FIELD_IS_ON_SITE,
    FIELD_POSTING_COUNT,
    FIELD_POSTING = 64, /* and sixteen for each posting */
};
enum { OF_LENGTH, OF_AGE, OF_OPEN, OF_GAP, OF_OVERLAP, OF_CREW, OF_CORE, OF_SITE = 8 };

typedef struct Weighted {
    const char *text;
    unsigned weight;
} Weighted;

static const Weighted surnames[] = {
    {"王", 72}, {"李", 72}, {"张", 68},  {"刘", 54}, {"陈", 45}, {"杨", 31}, {"黄", 25}, {"赵", 23},
    {"吴", 21}, {"周", 20}, {"徐", 17},  {"孙", 16}, {"马", 15}, {"朱", 14}, {"胡", 13}, {"郭", 12},
    {"何", 12}, {"林", 12}, {"高", 11},  {"罗", 10}, {"郑", 9},  {"梁", 9},  {"谢", 8},  {"宋", 8},
    {"唐", 7},  {"许", 7},  {"邓", 7},   {"韩", 7},  {"冯", 6},  {"曹", 6},  {"彭", 6},  {"曾", 6},
    {"肖", 6},  {"田", 5},  {"董", 5},   {"潘", 5},  {"袁", 5},  {"蔡", 5},  {"蒋", 5},  {"余", 5},
    {"于", 5},  {"杜", 4},  {"叶", 4},   {"程", 4},  {"魏", 4},  {"苏", 4},  {"吕", 4},  {"丁", 4},
    {"任", 4},  {"卢", 3},  {"姚", 3},   {"沈", 3},  {"钟", 3},  {"姜", 3},  {"崔", 3},  {"谭", 3},
    {"陆", 3},  {"范", 3},  {"欧阳", 1},
};
static const Weighted given[] = {
    {"伟", 20}, {"强", 16}, {"军", 15}, {"明", 15}, {"华", 15}, {"建", 14}, {"国", 14}, {"文", 13},
    {"志", 13}, {"平", 12}, {"勇", 12}, {"杰", 11}, {"涛", 11}, {"峰", 11}, {"辉", 10}, {"刚", 10},
    {"斌", 10}, {"波", 10}, {"鹏", 10}, {"超", 9},  {"飞", 9},  {"林", 9},  {"海", 9},  {"龙", 9},
    {"春", 8},  {"宇", 8},  {"浩", 8},  {"磊", 8},  {"洋", 8},  {"东", 8},  {"新", 7},  {"俊", 7},
    {"晓", 7},  {"玉", 7},  {"红", 7},  {"丽", 7},  {"敏", 7},  {"静", 6},  {"燕", 6},  {"霞", 6},
    {"芳", 6},  {"英", 6},  {"庆", 6},  {"德", 6},  {"福", 5},  {"成", 5},  {"永", 5},  {"兴", 5},
    {"立", 5},  {"亮", 5},  {"宏", 5},  {"金", 5},  {"生", 5},  {"阳", 5},  {"凯", 5},  {"松", 4},
    {"瑞", 4},  {"嘉", 4},  {"家", 4},  {"子", 4},  {"佳", 4},  {"安", 4},  {"宁", 3},  {"雪", 3},
};
static const char *const trades[] = {"架线工", "铁塔组立工", "混凝土工", "起重工",
                                     "测量工", "电气试验工", "驾驶员",   "普工",
                                     "焊工",   "安全员",     "技术员",   "材料员"};

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* ---- chance ---- */

/* The finaliser of SplitMix64: each bit of the input moves half of those of the output. */
static uint64_t mix(uint64_t number)
{
    number = (number ^ number >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    number = (number ^ number >> 27) * UINT64_C(0x94D049BB133111EB);
    return number ^ number >> 31;
}

static uint64_t hash_of_value(const Population *population, unsigned kind, size_t number,
                              unsigned field)
{
    const uint64_t place = (uint64_t)kind << 48 ^ (uint64_t)field << 56 ^ (uint64_t)field;
    return mix(mix(population->seed ^ place) + UINT64_C(0x9E3779B97F4A7C15) * (number + 1));
}

/* From 0 to just below 1. */
static double share(const Population *population, unsigned kind, size_t number, unsigned field)
{
    return (double)(hash_of_value(population, kind, number, field) >> 11) * 0x1p-53;
}

static size_t below(const Population *population, unsigned kind, size_t number, unsigned field,
                    size_t count)
{
    return (size_t)(share(population, kind, number, field) * (double)count);
}

static const char *weighted(const Weighted *list, size_t count, double where)
{
    unsigned total = 0;
    for (size_t i = 0; i < count; i++)
        total += list[i].weight;
    unsigned rest = (unsigned)(where * total);
    for (size_t i = 0; i < count; i++) {
        if (rest < list[i].weight) return list[i].text;
        rest -= list[i].weight;
    }
    return list[count - 1].text;
}

/* ---- places and sizes ---- */

Day population_today(void)
{
    return TODAY;
}

Population population_of(size_t person_count)
{
    assert(person_count > 0 && person_count <= PERSON_NUMBER_MAX);
    Population population = {.seed = SEED, .person_count = person_count, .today = TODAY};
    population.site_count = (person_count + PEOPLE_PER_SITE - 1) / PEOPLE_PER_SITE;
    population.department_count =
        (population.site_count + SITES_PER_DEPARTMENT - 1) / SITES_PER_DEPARTMENT;
    population.firm_count =
        (population.department_count + DEPARTMENTS_PER_FIRM - 1) / DEPARTMENTS_PER_FIRM;
    return population;
}

/* How large a site is against the largest: lognormal, with a floor. */
static double site_size(const Population *population, size_t number)
{
    const double u = share(population, KIND_OF_SITE, number, FIELD_SIZE);
    const double v = share(population, KIND_OF_SITE, number, FIELD_SIZE_MORE);
    const double normal = sqrt(-2.0 * log(1.0 - u)) * cos(6.283185307179586 * v);
    const double size = 0.35 * exp(0.5 * normal);
    return size < 0.1 ? 0.1 : size > 1.0 ? 1.0 : size;
}

static bool has_few_members(const Population *population, size_t number)
{
    return share(population, KIND_OF_SITE, number, FIELD_FEW) < 0.05;
}

Site population_site(const Population *population, size_t number)
{
    Site site = {.department = number / SITES_PER_DEPARTMENT};
    const unsigned kind = KIND_OF_SITE;
    /* Sites of a department stand within about a hundred kilometres. */
    const double lat = 24.0 + 20.0 * share(population, KIND_OF_DEPARTMENT, site.department, 0);
    const double lon = 90.0 + 30.0 * share(population, KIND_OF_DEPARTMENT, site.department, 1);
    site.lat = (int32_t)((lat + share(population, kind, number, FIELD_LAT)) * 1e6);
    site.lon = (int32_t)((lon + share(population, kind, number, FIELD_LON)) * 1e6);
    const Day turn =
        population->today - 120 - (Day)below(population, kind, number, FIELD_TURN, 580);
    site.finished.first =
        population->today - 2700 - (Day)below(population, kind, number, FIELD_START, 200);
    site.finished.last = turn;
    site.active.first = turn + 1;
    site.active.last =
        population->today + 30 + (Day)below(population, kind, number, FIELD_END, 570);
    site.crew_count = (size_t)(1.0 + site_size(population, number) * SITE_CREWS_MAX);
    if (site.crew_count > SITE_CREWS_MAX) site.crew_count = SITE_CREWS_MAX;
    site.has_few_members = has_few_members(population, number);
    return site;
}

size_t project_number(size_t site, bool is_active)
{
    return 2 * site + (is_active ? 1 : 0);
}

/* ---- one worker ---- */

static const uint64_t birth_days = 14600; /* forty years of them */

/* Numbers are spread over days of birth so that no two get the same day and sequence. */
static void give_identity(size_t number, Worker *worker)
{
    static const unsigned weights[17] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    static const char checks[] = "10X98765432";
    const uint64_t spread = (uint64_t)number * 7368787 % (birth_days * 999);
    char written[64];
    int year = 0;
    int month = 0;
    int day = 0;
    worker->birth = (Day)(-3653 + (int64_t)(spread % birth_days)); /* from 1960 on */
    day_to_civil(worker->birth, &year, &month, &day);
    const unsigned sequence = 1 + (unsigned)(spread / birth_days); /* 000 is never issued */
    snprintf(written, sizeof written, ID_AREA "%04d%02d%02d%03u", year, month, day, sequence);
    memcpy(worker->id_number, written, 17);
    unsigned sum = 0;
    for (size_t i = 0; i < 17; i++)
        sum += weights[i] * (unsigned)(worker->id_number[i] - '0');
    worker->id_number[17] = checks[sum % 11];
    worker->id_number[18] = '\0';
    worker->sex = sequence % 2 == 1 ? SEX_IS_MALE : SEX_IS_FEMALE;
}

static void give_name(const Population *population, size_t number, Worker *worker)
{
    const unsigned kind = KIND_OF_WORKER;
    const bool is_short = share(population, kind, number, FIELD_GIVEN_SIZE) < 0.15;
    snprintf(worker->name, sizeof worker->name, "%s%s%s",
             weighted(surnames, COUNT_OF(surnames), share(population, kind, number, FIELD_SURNAME)),
             weighted(given, COUNT_OF(given), share(population, kind, number, FIELD_GIVEN_FIRST)),
             is_short ? ""
                      : weighted(given, COUNT_OF(given),
                                 share(population, kind, number, FIELD_GIVEN_SECOND)));
}

static double member_share(const Population *population, const Worker *worker)
{
    const double where =
        share(population, KIND_OF_DEPARTMENT, worker->department, FIELD_PARTY_SHARE);
    return worker->employment == EMPLOYMENT_IS_OWN ? 0.25 + 0.15 * where : 0.03 + 0.05 * where;
}

static void add_standing(Worker *worker, int standing, Day first, Day last)
{
    assert(worker->standing_count < WORKER_STANDINGS_MAX);
    worker->standings[worker->standing_count++] = (StandingFacts){standing, {first, last}};
}

/* A year as a probationary member comes before being a formal one. */
static void give_standings(const Population *population, size_t number, Worker *worker)
{
    const unsigned kind = KIND_OF_WORKER;
    const double age = share(population, kind, number, FIELD_PARTY_AGE);
    if (share(population, kind, number, FIELD_IS_MEMBER) < member_share(population, worker)) {
        if (share(population, kind, number, FIELD_IS_PROBATIONARY) < SHARE_PROBATIONARY) {
            const Day joined = population->today - 30 - (Day)(age * 300.0);
            add_standing(worker, STANDING_IS_PARTY_PROBATIONARY, joined, joined + 364);
            add_standing(worker, STANDING_IS_PARTY_FORMAL, joined + 365, DAY_OPEN);
        } else {
            const Day formal = population->today - 30 - (Day)(age * 7000.0);
            add_standing(worker, STANDING_IS_PARTY_PROBATIONARY, formal - 365, formal - 1);
            add_standing(worker, STANDING_IS_PARTY_FORMAL, formal, DAY_OPEN);
        }
    }
    const double union_share = worker->employment == EMPLOYMENT_IS_OWN ? 0.8 : 0.2;
    if (share(population, kind, number, FIELD_IS_UNION) < union_share)
        add_standing(worker, STANDING_IS_UNION_MEMBER,
                     population->today - 400 -
                         (Day)below(population, kind, number, FIELD_UNION_AGE, 4000),
                     DAY_OPEN);
}

static Day posting_length(const Population *population, size_t number, unsigned field,
                          const Worker *worker)
{
    const double median =
        worker->employment == EMPLOYMENT_IS_OWN ? MEDIAN_DAYS_OWN : MEDIAN_DAYS_OTHERS;
    const double u = share(population, KIND_OF_WORKER, number, field + OF_LENGTH);
    const double days = median * pow(-log(1.0 - u) / 0.6931471805599453, 1.0 / WEIBULL_SHAPE);
    return days < 3.0 ? 3 : days > POSTING_DAYS_MAX ? POSTING_DAYS_MAX : (Day)days;
}

/* The home site or one of up to sixty-three before it; large sites take more people, and those
 * with few Party members hardly any of these. */
static size_t choose_site(const Population *population, size_t number, unsigned field,
                          bool is_member)
{
    enum { TRIES = 6 };
    const size_t home = number / PEOPLE_PER_SITE;
    const size_t reach = home + 1 < 64 ? home + 1 : 64;
    size_t site = home;
    for (unsigned i = 0; i < TRIES; i++) {
        const uint64_t hash =
            hash_of_value(population, KIND_OF_WORKER, number, field + OF_SITE + i);
        site = home - (size_t)(hash % reach);
        const double wanted = (double)(hash >> 11) * 0x1p-53;
        if (is_member && has_few_members(population, site)) continue;
        if (wanted < site_size(population, site) * 1.4) return site;
    }
    return site;
}

static void place_posting(const Population *population, size_t number, unsigned field,
                          DayRange days, Worker *worker)
{
    const bool is_member = worker->standing_count > 1;
    PostingFacts posting = {.days = days};
    posting.site = choose_site(population, number, field, is_member);
    const Site site = population_site(population, posting.site);
    posting.is_active = days.first >= site.active.first || days.last >= population->today;
    const DayRange within = posting.is_active ? site.active : site.finished;
    if (posting.days.first < within.first) posting.days.first = within.first;
    if (posting.days.last != DAY_OPEN && posting.days.last > within.last)
        posting.days.last = within.last;
    posting.crew = below(population, KIND_OF_WORKER, number, field + OF_CREW, site.crew_count);
    posting.is_core = share(population, KIND_OF_WORKER, number, field + OF_CORE) < SHARE_CORE;
    if (posting.days.first <= posting.days.last)
        worker->postings[worker->posting_count++] = posting;
}

/* From the latest back: a gap, or an overlap, lies before each. */
static void give_postings(const Population *population, size_t number, Worker *worker)
{
    const unsigned kind = KIND_OF_WORKER;
    const double many = share(population, kind, number, FIELD_POSTING_COUNT);
    const size_t count = many < 0.22 ? 1 : many < 0.76 ? 2 : 3;
    DayRange days = {0};
    for (size_t i = 0; i < count; i++) {
        const unsigned field = FIELD_POSTING + 16 * (unsigned)i;
        const Day length = posting_length(population, number, field, worker);
        const double gap = share(population, kind, number, field + OF_GAP);
        if (i > 0) {
            const bool overlaps =
                share(population, kind, number, field + OF_OVERLAP) < SHARE_OVERLAPS;
            days.last = days.first - 1 - (Day)(-GAP_DAYS * log(1.0 - gap));
            if (overlaps) days.last = days.first + (Day)(gap * 10.0);
            days.first = days.last - length + 1;
        } else if (share(population, kind, number, FIELD_IS_ON_SITE) < SHARE_ON_SITE) {
            const double age = share(population, kind, number, field + OF_AGE);
            days.first = population->today - (Day)(age * length);
            days.last = share(population, kind, number, field + OF_OPEN) < SHARE_OPEN_ENDED
                            ? DAY_OPEN
                            : days.first + length;
        } else {
            days.last = population->today - 1 - (Day)(gap * 60.0);
            days.first = days.last - length + 1;
        }
        place_posting(population, number, field, days, worker);
    }
}

Worker population_worker(const Population *population, size_t number)
{
    assert(number < PERSON_NUMBER_MAX);
    const unsigned kind = KIND_OF_WORKER;
    const double employment = share(population, kind, number, FIELD_EMPLOYMENT);
    Worker worker = {.department = number / PEOPLE_PER_SITE / SITES_PER_DEPARTMENT};
    worker.employment = employment < SHARE_OWN                      ? EMPLOYMENT_IS_OWN
                        : employment < SHARE_OWN + SHARE_DISPATCHED ? EMPLOYMENT_IS_DISPATCHED
                                                                    : EMPLOYMENT_IS_CONTRACTOR;
    worker.trade = trades[below(population, kind, number, FIELD_TRADE, COUNT_OF(trades))];
    snprintf(worker.phone, sizeof worker.phone, "1990000%04zu",
             below(population, kind, number, FIELD_PHONE, PHONE_COUNT) % 10000);
    snprintf(worker.staff_no, sizeof worker.staff_no, "T%08zu", number % 100000000);
    give_name(population, number, &worker);
    give_identity(number, &worker);
    give_standings(population, number, &worker);
    give_postings(population, number, &worker);
    return worker;
}

/* ---- all of them ---- */

void population_count_members(const Population *population, SiteMembers *out)
{
    for (size_t i = 0; i < population->site_count; i++)
        out[i] = (SiteMembers){.leader = SIZE_MAX};
    for (size_t i = 0; i < population->person_count; i++) {
        const Worker worker = population_worker(population, i);
        if (worker.posting_count == 0 || !range_has(worker.postings[0].days, population->today))
            continue;
        SiteMembers *site = &out[worker.postings[0].site];
        site->people++;
        for (size_t s = 0; s < worker.standing_count; s++) {
            const StandingFacts *standing = &worker.standings[s];
            if (standing->standing == STANDING_IS_UNION_MEMBER ||
                !range_has(standing->days, population->today))
                continue;
            site->members++;
            if (standing->standing != STANDING_IS_PARTY_FORMAL) continue;
            site->formal++;
            if (site->leader != SIZE_MAX) continue;
            site->leader = i;
            site->leads_from = worker.postings[0].days.first;
        }
    }
}

const char *firm_name(size_t number, char out[PLACE_NAME_MAX])
{
    snprintf(out, PLACE_NAME_MAX, "第%zu电力工程公司", number + 1);
    return out;
}

const char *department_name(size_t number, char out[PLACE_NAME_MAX])
{
    snprintf(out, PLACE_NAME_MAX, "第%zu项目管理部", number + 1);
    return out;
}

const char *project_name(size_t site, bool is_active, char out[PLACE_NAME_MAX])
{
    snprintf(out, PLACE_NAME_MAX, "风电场%zu送出线路%s", site + 1, is_active ? "二期" : "一期");
    return out;
}

const char *project_code(size_t site, bool is_active, char out[PLACE_NAME_MAX])
{
    snprintf(out, PLACE_NAME_MAX, "P%06zu", project_number(site, is_active));
    return out;
}
