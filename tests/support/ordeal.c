#include "support/ordeal.h"

#include <string.h>

#include "support/prop.h"

static const char *const deed_names[DEED_COUNT] = {
#define DEED(NAME, name, weight) [DEED_##NAME] = (name),
    ORDEAL_DEEDS(DEED)
#undef DEED
};

static const unsigned deed_weights[DEED_COUNT] = {
#define DEED(NAME, name, weight) [DEED_##NAME] = (weight),
    ORDEAL_DEEDS(DEED)
#undef DEED
};

/* ---- Making ---- */

static Deed draw_deed(Prng *prng)
{
    unsigned sum = 0;
    for (int i = 0; i < DEED_COUNT; i++)
        sum += deed_weights[i];
    unsigned at = (unsigned)prng_below(prng, sum);
    int deed = 0;
    while (at >= deed_weights[deed])
        at -= deed_weights[deed++];
    return (Deed)deed;
}

static size_t level_of(const Ordeal *ordeal, size_t node)
{
    size_t level = 0;
    for (; node != 0; node = ordeal->parents[node])
        level++;
    return level;
}

/* Most trees are small, so that many can be tried; some are as large as they get. */
static void make_nodes(Ordeal *ordeal, Prng *prng)
{
    const uint64_t most = prng_below(prng, 20) == 0 ? ORDEAL_NODES_MAX : 4;
    ordeal->node_count = 2 + (size_t)prng_below(prng, most - 1);
    for (size_t i = 1; i < ordeal->node_count; i++) {
        size_t parent = (size_t)prng_below(prng, i);
        while (level_of(ordeal, parent) + 1 >= ORDEAL_LEVELS_MAX)
            parent = ordeal->parents[parent];
        ordeal->parents[i] = parent;
    }
}

Ordeal ordeal_make(uint64_t seed)
{
    Ordeal ordeal = {0};
    Prng prng = {.state = seed};
    make_nodes(&ordeal, &prng);
    ordeal.event_count = 16 + (size_t)prng_below(&prng, ORDEAL_EVENTS_MAX - 15);
    for (size_t i = 0; i < ordeal.event_count; i++) {
        Event *event = &ordeal.events[i];
        event->deed = draw_deed(&prng);
        for (size_t n = 0; n < 3; n++)
            event->numbers[n] = (uint32_t)prng_below(&prng, 1000);
        event->numbers[0] %= (uint32_t)ordeal.node_count;
    }
    return ordeal;
}

/* ---- As text ---- */

void ordeal_write(const Ordeal *ordeal, FILE *out)
{
    fprintf(out, "nodes %zu\nparents", ordeal->node_count);
    for (size_t i = 0; i < ordeal->node_count; i++)
        fprintf(out, " %zu", ordeal->parents[i]);
    fputc('\n', out);
    for (size_t i = 0; i < ordeal->event_count; i++) {
        const Event *event = &ordeal->events[i];
        fprintf(out, "%s %u %u %u\n", deed_names[event->deed], event->numbers[0], event->numbers[1],
                event->numbers[2]);
    }
}

static bool read_event(Event *event, FILE *in, bool *out_is_end)
{
    char name[16];
    *out_is_end = fscanf(in, "%15s", name) != 1;
    if (*out_is_end) return true;
    for (int deed = 0; deed < DEED_COUNT; deed++)
        if (strcmp(name, deed_names[deed]) == 0) {
            event->deed = (Deed)deed;
            return fscanf(in, "%u %u %u", &event->numbers[0], &event->numbers[1],
                          &event->numbers[2]) == 3;
        }
    return false;
}

bool ordeal_read(Ordeal *ordeal, FILE *in)
{
    *ordeal = (Ordeal){0};
    if (fscanf(in, "nodes %zu parents", &ordeal->node_count) != 1) return false;
    if (ordeal->node_count < 1 || ordeal->node_count > ORDEAL_NODES_MAX) return false;
    for (size_t i = 0; i < ordeal->node_count; i++)
        if (fscanf(in, "%zu", &ordeal->parents[i]) != 1 ||
            ordeal->parents[i] > (i == 0 ? 0 : i - 1))
            return false;
    for (bool is_end = false; !is_end;) {
        if (ordeal->event_count == ORDEAL_EVENTS_MAX) return false;
        Event *event = &ordeal->events[ordeal->event_count];
        if (!read_event(event, in, &is_end)) return false;
        if (!is_end) ordeal->event_count++;
    }
    return true;
}

/* ---- Making smaller ---- */

static Ordeal without(const Ordeal *ordeal, size_t from, size_t count)
{
    Ordeal smaller = *ordeal;
    const size_t end = from + count < ordeal->event_count ? from + count : ordeal->event_count;
    memmove(&smaller.events[from], &smaller.events[end],
            (ordeal->event_count - end) * sizeof smaller.events[0]);
    smaller.event_count -= end - from;
    return smaller;
}

static bool drop_events(Ordeal *ordeal, bool (*fails)(const Ordeal *ordeal))
{
    bool is_smaller = false;
    for (size_t size = ordeal->event_count; size > 0; size /= 2)
        for (size_t from = 0; from < ordeal->event_count;) {
            const Ordeal smaller = without(ordeal, from, size);
            if (!fails(&smaller)) {
                from += size;
                continue;
            }
            *ordeal = smaller;
            is_smaller = true;
        }
    return is_smaller;
}

static bool drop_nodes(Ordeal *ordeal, bool (*fails)(const Ordeal *ordeal))
{
    bool is_smaller = false;
    while (ordeal->node_count > 2) {
        Ordeal smaller = *ordeal;
        smaller.node_count--;
        if (!fails(&smaller)) break;
        *ordeal = smaller;
        is_smaller = true;
    }
    return is_smaller;
}

static bool lower_numbers(Ordeal *ordeal, bool (*fails)(const Ordeal *ordeal))
{
    bool is_smaller = false;
    for (size_t i = 0; i < ordeal->event_count; i++)
        for (size_t n = 0; n < 3; n++)
            for (uint32_t low = 0; low < ordeal->events[i].numbers[n] && low < 3; low++) {
                Ordeal smaller = *ordeal;
                smaller.events[i].numbers[n] = low;
                if (!fails(&smaller)) continue;
                *ordeal = smaller;
                is_smaller = true;
            }
    return is_smaller;
}

void ordeal_shrink(Ordeal *ordeal, bool (*fails)(const Ordeal *ordeal))
{
    for (bool is_smaller = true; is_smaller;) {
        is_smaller = drop_events(ordeal, fails);
        is_smaller = drop_nodes(ordeal, fails) || is_smaller;
        is_smaller = lower_numbers(ordeal, fails) || is_smaller;
    }
}
