#include "intake/cellplace.h"

#include <assert.h>
#include <math.h>

#include "intake/fold.h"

enum { PARTS_MAX = 3 };

typedef struct Angle {
    double parts[PARTS_MAX]; /* degrees, minutes, seconds */
    unsigned count;
    bool is_negative;
    uint32_t side; /* N S E W, or 0 */
} Angle;

static uint32_t side_of(uint32_t rune)
{
    switch (rune) {
    case 'N':
    case 'n':
    case 0x5317: return 'N'; /* 北 */
    case 'S':
    case 's':
    case 0x5357: return 'S'; /* 南 */
    case 'E':
    case 'e':
    case 0x4E1C: return 'E'; /* 东 */
    case 'W':
    case 'w':
    case 0x897F: return 'W'; /* 西 */
    default: return 0;
    }
}

static bool is_mark(uint32_t rune)
{
    static const uint32_t marks[] = {0xB0,   0xBA,   0x5EA6, '\'',   0x2032, 0x2019,
                                     0x5206, '"',    0x2033, 0x201D, 0x79D2, ' ',
                                     ':',    0x7EAC, 0x7ECF, 0x201C, 0x2018, 0x02DA};
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++)
        if (rune == marks[i]) return true;
    return false;
}

/* One number with its decimals, at most fifteen digits; moves *at past it. */
static bool take_number(Text text, size_t *at, double *out_number)
{
    double number = 0;
    double step = 1;
    unsigned digits = 0;
    bool in_fraction = false;
    for (; *at < text.size; ++*at) {
        const char letter = text.at[*at];
        if (letter == '.' && !in_fraction) {
            in_fraction = true;
            continue;
        }
        if (letter < '0' || letter > '9') break;
        if (++digits > 15) continue; /* finer than a millionth, or far too large and caught below */
        if (in_fraction) step /= 10;
        number = in_fraction ? number + step * (letter - '0') : number * 10 + (letter - '0');
    }
    *out_number = number;
    return digits > 0;
}

/* A sign between the numbers of an angle; false when it has no place there. */
static bool take_sign(uint32_t rune, Angle *angle)
{
    const uint32_t side = side_of(rune);
    if (side != 0) {
        if (angle->side != 0) return false;
        angle->side = side;
        return true;
    }
    const bool is_first = angle->count == 0;
    if (rune == '-' && is_first) {
        angle->is_negative = true;
        return true;
    }
    return is_mark(rune) || (rune == '+' && is_first);
}

static bool take_angle(Text text, Angle *angle)
{
    *angle = (Angle){.count = 0};
    for (size_t at = 0; at < text.size;) {
        size_t next = at;
        const uint32_t rune = text_next_rune(text, &next);
        if ((rune >= '0' && rune <= '9') || rune == '.') {
            if (angle->count == PARTS_MAX) return false;
            if (!take_number(text, &at, &angle->parts[angle->count++])) return false;
            continue;
        }
        at = next;
        if (!take_sign(rune, angle)) return false;
    }
    return angle->count > 0;
}

static bool is_side_right(const Angle *angle, bool is_latitude)
{
    if (angle->side == 0) return true;
    const bool is_north_south = angle->side == 'N' || angle->side == 'S';
    return is_north_south == is_latitude;
}

CellValue cellplace_read(const Cell *cell, ColumnType type)
{
    assert(type == COLUMN_TYPE_LATITUDE || type == COLUMN_TYPE_LONGITUDE);
    const bool is_latitude = type == COLUMN_TYPE_LATITUDE;
    char space[FOLD_BYTES_MAX];
    Angle angle;
    CellValue value = {.state = VALUE_BAD, .flaw = FLAW_COORDINATE};
    if (!take_angle(fold_value(cell->text, space), &angle)) return value;
    if (angle.parts[1] >= 60 || angle.parts[2] >= 60) return value;
    if (!is_side_right(&angle, is_latitude)) {
        value.flaw = FLAW_COORDINATES_SWAPPED;
        return value;
    }
    double degrees = angle.parts[0] + angle.parts[1] / 60 + angle.parts[2] / 3600;
    if (cell->kind == CELL_NUMBER) degrees = fabs(cell->number); /* shown shorter than it is */
    if (degrees > (is_latitude ? 90 : 180)) {
        value.flaw = FLAW_COORDINATE_RANGE;
        return value;
    }
    const bool is_negative = angle.is_negative || angle.side == 'S' || angle.side == 'W';
    return (CellValue){.state = VALUE_SET,
                       .number = llround((is_negative ? -degrees : degrees) * 1e6)};
}

static bool is_in_china(int64_t latitude, int64_t longitude)
{
    return latitude >= 3000000 && latitude <= 54000000 && longitude >= 73000000 &&
           longitude <= 136000000;
}

bool cellplace_is_swapped(int64_t latitude, int64_t longitude)
{
    return !is_in_china(latitude, longitude) && is_in_china(longitude, latitude);
}
