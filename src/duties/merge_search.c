#include "duties/merge_search.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/list.h"

#define SEARCHED_MAX 1000 /* so deep the search may go, and as many planned activities it fills */
#define WORK_MAX     ((size_t)200000000)
#define SETS_MAX     252 /* of MERGE_KINDS_MAX kinds, none within another */
#define NOWHERE      SIZE_MAX

static_assert(MERGE_KINDS_MAX == 10, "SETS_MAX is 10 over 5");

/* What one group can add to an activity: needs, and the sets of them that fit and are not part of
 * a larger one that does. */
typedef struct Offer {
    size_t needs[MERGE_KINDS_MAX];
    size_t need_count;
    int sitting; /* minutes that the group sits there already */
    uint16_t sets[SETS_MAX];
    size_t set_count;
} Offer;

/* Where needs are put next: into a planned activity, or into a new one for a need. */
typedef struct Place {
    size_t seat;           /* or NOWHERE */
    const MergeNeed *star; /* whom a new one is for */
    bool is_joint; /* for what is common, of all groups; or for what one group holds alone */
    size_t group;  /* which, unless it is joint */
    size_t number; /* of the activity: see Search */
} Place;

/* Activities have numbers: seats as they come, then the new ones. */
typedef struct Search {
    MergeNeed *const *needs; /* by last day */
    size_t count;
    const MergeSeat **seats; /* by day: those that some need can join */
    size_t seat_count;
    bool *may_join;   /* by seat, then need */
    size_t *activity; /* of each need, or NOWHERE */
    size_t *best;
    size_t best_count; /* of new activities */
    size_t floor;      /* fewer is impossible */
    size_t tries;
    size_t tries_max;
    size_t group_count;
    int minutes_max;
    Offer **offers; /* by depth, then group */
    Arena *arena;
    size_t *lane;     /* of each need: its group and kind of meeting, as a number */
    size_t *met;      /* for bound(): by lane, the last activity that has it */
    bool *is_counted; /* by need */
    bool *is_mixed;   /* by group: it has needs that are not common */
} Search;

/* ---- What goes together ---- */

static bool can_be_on(const MergeNeed *need, const MergeNeed *star)
{
    const Day day = star->days.last;
    if (need->is_off != star->is_off) return false;
    return need->days.first <= day && day <= need->days.last;
}

static bool can_be_at(const Search *search, size_t need, const Place *place)
{
    if (place->seat == NOWHERE) return can_be_on(search->needs[need], place->star);
    return search->may_join[place->seat * search->count + need];
}

static bool is_same_meeting(const MergeNeed *a, const MergeNeed *b)
{
    return a->group == b->group && a->obligation->meeting == b->obligation->meeting;
}

static bool fits_set(const Search *search, const Offer *offer, unsigned set)
{
    int minutes = offer->sitting;
    const bool is_one = (set & (set - 1)) == 0; /* alone it may be as long as it likes */
    for (size_t i = 0; i < offer->need_count; i++) {
        if ((set >> i & 1U) == 0) continue;
        const MergeNeed *need = search->needs[offer->needs[i]];
        if (!need->is_in_sequence) return is_one;
        minutes += need->minutes;
    }
    return minutes <= search->minutes_max || (is_one && offer->sitting == 0);
}

static bool is_largest(const Search *search, const Offer *offer, unsigned set)
{
    for (size_t i = 0; i < offer->need_count; i++)
        if ((set >> i & 1U) == 0 && fits_set(search, offer, set | 1U << i)) return false;
    return true;
}

static int size_of(unsigned set)
{
    int size = 0;
    for (; set != 0; set &= set - 1)
        size++;
    return size;
}

/* The largest sets come first, of equal ones what ends first. */
static void add_set(Offer *offer, unsigned set)
{
    size_t at = offer->set_count++;
    for (; at > 0 && size_of(offer->sets[at - 1]) < size_of(set); at--)
        offer->sets[at] = offer->sets[at - 1];
    offer->sets[at] = (uint16_t)set;
}

static void find_sets(const Search *search, const Place *place, Offer *offer)
{
    unsigned must = 0;  /* the need this activity is for */
    unsigned alone = 0; /* needs that keep it to one group */
    offer->set_count = 0;
    for (size_t i = 0; i < offer->need_count; i++) {
        const MergeNeed *need = search->needs[offer->needs[i]];
        if (need == place->star) must = 1U << i;
        if (!need->is_common) alone |= 1U << i;
    }
    for (unsigned set = 1; set < 1U << offer->need_count; set++)
        if ((set & must) == must && (place->is_joint || (set & alone) != 0) &&
            fits_set(search, offer, set) && is_largest(search, offer, set))
            add_set(offer, set);
}

/* Whether the need could be in this activity, and none of its group and meeting is yet. */
static bool is_offered(const Search *search, const Place *place, const Offer *offer, size_t at)
{
    const MergeNeed *need = search->needs[at];
    if (search->activity[at] != NOWHERE || !can_be_at(search, at, place)) return false;
    if (place->is_joint ? !need->is_common : need->group != place->group) return false;
    for (size_t i = 0; i < offer->need_count; i++)
        if (is_same_meeting(search->needs[offer->needs[i]], need)) return false;
    return true;
}

/* The first of each group and kind of meeting that can be there: it ends first. Whether anything is
 * offered is said. */
static ErrCode gather(const Search *search, const Place *place, Offer *offers, bool *out_any,
                      Err *err)
{
    *out_any = false;
    for (size_t group = 0; group < search->group_count; group++) {
        offers[group].need_count = 0;
        offers[group].sitting =
            place->seat == NOWHERE ? 0 : merge_sitting(search->seats[place->seat], group);
    }
    for (size_t i = 0; i < search->count; i++) {
        Offer *offer = &offers[search->needs[i]->group];
        if (!is_offered(search, place, offer, i)) continue;
        if (offer->need_count == MERGE_KINDS_MAX)
            return err_set(err, ERR_LIMIT, "a group owes more than %d kinds of meeting at once",
                           MERGE_KINDS_MAX);
        offer->needs[offer->need_count++] = i;
    }
    for (size_t group = 0; group < search->group_count; group++) {
        find_sets(search, place, &offers[group]);
        if (offers[group].set_count > 0) *out_any = true;
    }
    return OK;
}

/* ---- A lower bound ---- */

typedef enum Which { COMMON_ALL, COMMON_OF_OTHERS, OWN_OF_GROUPS } Which;

static bool is_among(const Search *search, const MergeNeed *need, Which which)
{
    if (which == OWN_OF_GROUPS) return !need->is_common;
    return need->is_common && (which == COMMON_ALL || !search->is_mixed[need->group]);
}

/* Counts the needs, from one on, that are in an activity when kinds of meeting do not get in each
 * other's way. `mark` is its own. */
static void count_in(Search *search, const Place *place, size_t from, size_t mark)
{
    for (size_t k = from; k < search->count; k++) {
        if (search->is_counted[k] || !can_be_at(search, k, place) ||
            (!place->is_joint && search->needs[k]->group != place->group) ||
            search->met[search->lane[k]] == mark)
            continue;
        search->met[search->lane[k]] = mark;
        search->is_counted[k] = true;
    }
}

/* How many new activities these needs take then, when seats from this one on are still to be
 * filled. */
static size_t count_least(Search *search, Which which, size_t seat)
{
    size_t least = 0;
    size_t mark = 0;
    memset(search->met, 0, search->count * sizeof search->met[0]);
    for (size_t i = 0; i < search->count; i++)
        search->is_counted[i] =
            search->activity[i] != NOWHERE || !is_among(search, search->needs[i], which);
    for (size_t i = 0; i < search->count; i++) {
        const MergeNeed *star = search->needs[i];
        if (search->is_counted[i]) continue;
        for (; seat < search->seat_count && search->seats[seat]->planned->day <= star->days.last;
             seat++) {
            const Place planned = {.seat = seat, .is_joint = true};
            count_in(search, &planned, i, ++mark);
        }
        if (search->is_counted[i]) continue;
        const Place place = {.seat = NOWHERE,
                             .star = star,
                             .is_joint = which != OWN_OF_GROUPS,
                             .group = star->group};
        least++;
        count_in(search, &place, i, ++mark);
    }
    return least;
}

/* Activities with a need that is not common have one group; the common needs of groups that have
 * no such needs are in others. */
static size_t bound(Search *search, size_t seat)
{
    memset(search->is_mixed, 0, search->group_count * sizeof search->is_mixed[0]);
    for (size_t i = 0; i < search->count; i++)
        if (search->activity[i] == NOWHERE && !search->needs[i]->is_common)
            search->is_mixed[search->needs[i]->group] = true;
    const size_t common = count_least(search, COMMON_ALL, seat);
    const size_t apart =
        count_least(search, OWN_OF_GROUPS, seat) + count_least(search, COMMON_OF_OTHERS, seat);
    return common > apart ? common : apart;
}

/* ---- The search ---- */

/* How far it has come: activities filled, new ones among them, seats looked at. */
typedef struct Stage {
    size_t depth;
    size_t used;
    size_t seat;
} Stage;

static bool is_over(const Search *search)
{
    return search->best_count == search->floor ||
           (search->best_count != SIZE_MAX && search->tries >= search->tries_max);
}

static ErrCode step(Search *search, Stage stage, Err *err);

static void put(Search *search, const Offer *offer, unsigned set, size_t activity)
{
    for (size_t i = 0; i < offer->need_count; i++)
        if ((set >> i & 1U) != 0) search->activity[offer->needs[i]] = activity;
}

/* Tries the sets of this group and the next ones. Recursion goes as deep as there are activities:
 * twice SEARCHED_MAX at most. */
static ErrCode choose(Search *search, const Place *place, size_t group, Stage stage, Err *err)
{
    while (group < search->group_count && search->offers[stage.depth][group].set_count == 0)
        group++;
    if (group == search->group_count) {
        const bool is_new = place->seat == NOWHERE;
        search->tries++;
        return step(search, (Stage){stage.depth + 1, stage.used + is_new, stage.seat + !is_new},
                    err);
    }
    const Offer *offer = &search->offers[stage.depth][group];
    for (size_t i = 0; i < offer->set_count && !is_over(search); i++) {
        put(search, offer, offer->sets[i], place->number);
        TRY(choose(search, place, group + 1, stage, err));
        put(search, offer, offer->sets[i], NOWHERE);
    }
    return OK;
}

static ErrCode offers_at(Search *search, size_t depth, Offer **out_offers, Err *err)
{
    if (search->offers[depth] == NULL)
        search->offers[depth] = arena_array(search->arena, Offer, search->group_count);
    if (search->offers[depth] == NULL) return list_full(depth, err);
    *out_offers = search->offers[depth];
    return OK;
}

/* Whether anything can be there is said; it is tried. */
static ErrCode try_at(Search *search, const Place *place, Stage stage, bool *out_any, Err *err)
{
    Offer *offers = NULL;
    bool is_any = false;
    TRY(offers_at(search, stage.depth, &offers, err));
    TRY(gather(search, place, offers, &is_any, err));
    if (!is_any) return OK;
    *out_any = true;
    if (place->star != NULL && offers[place->star->group].set_count == 0) return OK;
    return choose(search, place, 0, stage, err);
}

/* Fills a planned activity: with what is common, or with what the group holds alone that has a part
 * there. What it could take is never left out: nothing is gained by that. */
static ErrCode try_seat(Search *search, Stage stage, bool *out_any, Err *err)
{
    Place place = {.seat = stage.seat,
                   .is_joint = true,
                   .group = search->seats[stage.seat]->parts[0]->group,
                   .number = stage.seat};
    TRY(try_at(search, &place, stage, out_any, err));
    place.is_joint = false;
    return is_over(search) ? OK : try_at(search, &place, stage, out_any, err);
}

/* Fills one more activity, a new one for the need that ends first. */
static ErrCode try_new(Search *search, const MergeNeed *star, Stage stage, Err *err)
{
    bool is_any = false;
    Place place = {.seat = NOWHERE,
                   .star = star,
                   .is_joint = true,
                   .group = star->group,
                   .number = search->seat_count + stage.used};
    if (star->is_common) TRY(try_at(search, &place, stage, &is_any, err));
    place.is_joint = false;
    return is_over(search) ? OK : try_at(search, &place, stage, &is_any, err);
}

/* Planned activities up to the last day of the need that ends first, and then one for it. */
static ErrCode step(Search *search, Stage stage, Err *err)
{
    size_t first = 0;
    while (first < search->count && search->activity[first] != NOWHERE)
        first++;
    if (first == search->count) {
        if (stage.used >= search->best_count) return OK;
        search->best_count = stage.used;
        memcpy(search->best, search->activity, search->count * sizeof search->best[0]);
        return OK;
    }
    if (stage.used + bound(search, stage.seat) >= search->best_count) return OK;
    const MergeNeed *star = search->needs[first];
    for (; stage.seat < search->seat_count; stage.seat++) {
        bool is_any = false;
        if (search->seats[stage.seat]->planned->day > star->days.last) break;
        TRY(try_seat(search, stage, &is_any, err));
        if (is_any) return OK;
    }
    return try_new(search, star, stage, err);
}

/* ---- Before it ---- */

/* Whether the need can be in the planned activity, with nothing else that is new. */
static bool may_join(const MergeWish *wish, const MergeSeat *seat, const MergeNeed *need)
{
    const Day day = seat->planned->day;
    if (seat->is_off != need->is_off || !range_has(need->days, day)) return false;
    if (day <= wish->today && day < need->days.last) return false; /* nobody would be told */
    return seat->planned->part_count > 0 &&
           merge_fits(seat->parts, seat->planned->part_count, &need, 1, wish->sitting_minutes_max);
}

static ErrCode find_seats(Search *search, const MergeWish *wish, Err *err)
{
    search->seats = arena_array(search->arena, const MergeSeat *, wish->seat_count);
    search->may_join = arena_array(search->arena, bool, (wish->seat_count + 1) * search->count);
    if (search->seats == NULL || search->may_join == NULL) return list_full(wish->seat_count, err);
    for (size_t i = 0; i < wish->seat_count; i++) {
        bool *row = &search->may_join[search->seat_count * search->count];
        bool is_any = false;
        for (size_t k = 0; k < search->count; k++) {
            row[k] = may_join(wish, &wish->seats[i], search->needs[k]);
            if (row[k]) is_any = true;
        }
        if (is_any) search->seats[search->seat_count++] = &wish->seats[i];
    }
    if (search->seat_count <= SEARCHED_MAX) return OK;
    return err_set(err, ERR_LIMIT, "more than %d planned activities to be joined: ask for less",
                   SEARCHED_MAX);
}

static ErrCode search_open(Search *search, Err *err)
{
    const size_t count = search->count;
    for (size_t i = 0; i < count; i++)
        if (search->needs[i]->group >= search->group_count)
            search->group_count = search->needs[i]->group + 1;
    search->activity = arena_array(search->arena, size_t, count);
    search->best = arena_array(search->arena, size_t, count);
    search->offers = arena_array(search->arena, Offer *, search->seat_count + count + 1);
    search->is_counted = arena_array(search->arena, bool, count);
    search->lane = arena_array(search->arena, size_t, count);
    search->met = arena_array(search->arena, size_t, count);
    search->is_mixed = arena_array(search->arena, bool, search->group_count);
    if (search->activity == NULL || search->best == NULL || search->offers == NULL ||
        search->is_counted == NULL || search->lane == NULL || search->met == NULL ||
        search->is_mixed == NULL)
        return list_full(count, err);
    for (size_t i = 0; i < count; i++) {
        search->activity[i] = NOWHERE;
        while (!is_same_meeting(search->needs[search->lane[i]], search->needs[i]))
            search->lane[i]++;
    }
    if (count > 0) search->tries_max = WORK_MAX / (count * (count + search->seat_count));
    search->floor = bound(search, 0);
    search->best_count = SIZE_MAX;
    return OK;
}

static int compare_needs(const void *a, const void *b)
{
    const MergeNeed *left = *(MergeNeed *const *)a;
    const MergeNeed *right = *(MergeNeed *const *)b;
    if (left->days.last != right->days.last) return left->days.last < right->days.last ? -1 : 1;
    if (left->days.first != right->days.first) return left->days.first < right->days.first ? -1 : 1;
    return left < right ? -1 : left > right; /* of one array */
}

ErrCode merge_search(const MergeWish *wish, Arena *arena, size_t *out_new_count,
                     bool *out_is_fewest, Err *err)
{
    Search search = {.minutes_max = wish->sitting_minutes_max, .arena = arena};
    MergeNeed **sorted = arena_array(arena, MergeNeed *, wish->count);
    size_t alone = 0;
    if (sorted == NULL) return list_full(wish->count, err);
    for (size_t i = 0; i < wish->count; i++) { /* what goes with nothing is settled */
        MergeNeed *need = wish->needs[i];
        if (need->is_common || need->is_in_sequence)
            sorted[search.count++] = need;
        else
            need->activity = alone++;
    }
    if (search.count > SEARCHED_MAX)
        return err_set(err, ERR_LIMIT, "more than %d meetings to be merged: ask for less",
                       SEARCHED_MAX);
    if (search.count > 0) qsort(sorted, search.count, sizeof(MergeNeed *), compare_needs);
    search.needs = sorted;
    TRY(find_seats(&search, wish, err));
    TRY(search_open(&search, err));
    TRY(step(&search, (Stage){0}, err));
    for (size_t i = 0; i < search.count; i++) {
        const size_t number = search.best[i];
        if (number < search.seat_count)
            sorted[i]->joins = search.seats[number]->planned;
        else
            sorted[i]->activity = alone + number - search.seat_count;
    }
    *out_new_count = alone + search.best_count;
    *out_is_fewest = search.best_count == search.floor || search.tries < search.tries_max;
    return OK;
}
