#include "api/door.h"

#include <assert.h>
#include <string.h>

void door_init(Door *door)
{
    memset(door->places, 0, sizeof door->places);
    door->count = 0;
    lock_init(&door->lock);
}

void door_done(Door *door)
{
    assert(door->count == 0);
    lock_done(&door->lock);
}

bool door_may_enter(Door *door, const Address *address)
{
    if (address_is_loopback(address)) return true;
    size_t count = 0;
    const Bytes household = address_household(address);
    lock_take(&door->lock);
    for (size_t i = 0, seen = 0; i < CONNECTION_COUNT_MAX && seen < door->count; i++) {
        if (!door->places[i].is_taken) continue;
        seen++;
        if (bytes_equal(address_household(&door->places[i].address), household)) count++;
    }
    lock_give(&door->lock);
    return count < HOUSEHOLD_COUNT_MAX;
}

size_t door_enter(Door *door, const Address *address, int socket, uint64_t deadline_ms)
{
    size_t place = PLACE_NONE;
    lock_take(&door->lock);
    for (size_t i = 0; i < CONNECTION_COUNT_MAX && place == PLACE_NONE; i++)
        if (!door->places[i].is_taken) place = i;
    if (place != PLACE_NONE) {
        door->places[place] = (DoorPlace){
            .address = *address, .deadline_ms = deadline_ms, .socket = socket, .is_taken = true};
        door->count++;
    }
    lock_give(&door->lock);
    return place;
}

void door_leave(Door *door, size_t place)
{
    if (place == PLACE_NONE) return;
    lock_take(&door->lock);
    assert(door->places[place].is_taken);
    door->places[place].is_taken = false;
    door->count--;
    lock_give(&door->lock);
}

void door_expect(Door *door, size_t place, uint64_t deadline_ms)
{
    if (place == PLACE_NONE) return;
    lock_take(&door->lock);
    assert(door->places[place].is_taken);
    door->places[place].deadline_ms = deadline_ms;
    lock_give(&door->lock);
}

bool door_count_request(Door *door, size_t place)
{
    if (place == PLACE_NONE) return true;
    lock_take(&door->lock);
    assert(door->places[place].is_taken);
    const bool is_last = ++door->places[place].request_count >= REQUEST_COUNT_MAX;
    lock_give(&door->lock);
    return is_last;
}

size_t door_sweep(Door *door, uint64_t now_ms)
{
    size_t cut_count = 0;
    lock_take(&door->lock);
    for (size_t i = 0; i < CONNECTION_COUNT_MAX; i++) {
        DoorPlace *place = &door->places[i];
        if (!place->is_taken || place->deadline_ms == 0 || now_ms < place->deadline_ms) continue;
        socket_cut(place->socket);
        place->deadline_ms = 0; /* once is enough */
        cut_count++;
    }
    lock_give(&door->lock);
    return cut_count;
}
