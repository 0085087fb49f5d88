// ncurses sends both colours and all marks whenever one of them changes, and changes them for blanks
// too: half of a frame. Here the same frame becomes the shortest changes that show the same.
//
// It was tried without, at the source. Bytes of a step of the sample run, the middle one and the
// longest of the nine:
//
//                                                80x24         120x36        200x50
//   as ncurses sends them                     3,082  3,392  5,138  6,231  7,657  11,059
//   blanks in the colours of what is beside   2,803  2,970  4,623  5,174  7,034  10,093
//   the same, and nothing bold any more       2,468  2,686  4,191  4,635  6,299   9,415
//   shortened here                            1,769  2,012  3,190  3,462  4,938   7,263
//
// A step at 120x36 is to stay under 4,096. The longest has 288 bytes of rules, so it would not even
// without them: ncurses says the ground anew with every ink.
#include "CNcurses.h"

#include <string.h>

#define ESC 0x1B
#define PARAMETERS_MAX 16
// Of a colour: one of 30 to 37, 90 to 97, 40 to 47, 100 to 107, or INDEXED and the index.
#define INDEXED 1000
#define DEFAULT 0
// The bits of marks are those of their codes: 1 is bold, 4 underline, 7 reverse.
#define MARK(code) (1u << (code))
#define SHOWS_ON_BLANKS (MARK(4) | MARK(5) | MARK(7) | MARK(9))

struct rendition {
  int ink, ground;
  unsigned marks;
};

struct shortener {
  const uint8_t *input;
  size_t count;
  uint8_t *output;
  size_t used, room;
  // What the terminal has, and what ncurses believes it has.
  struct rendition has, wants;
  bool is_unknown, can_switch_off, drew_lines;
};

static void put(struct shortener *me, const void *bytes, size_t count) {
  if (me->used + count <= me->room) memcpy(me->output + me->used, bytes, count);
  me->used += count;
}

static void put_code(struct shortener *me, int code, bool *is_first) {
  uint8_t text[12];
  size_t length = 0;
  do {
    text[length++] = (uint8_t)('0' + code % 10);
    code /= 10;
  } while (code > 0);
  put(me, *is_first ? "\033[" : ";", *is_first ? 2 : 1);
  *is_first = false;
  while (length > 0) put(me, &text[--length], 1);
}

static void put_color(struct shortener *me, int color, int base, bool *is_first) {
  if (color == DEFAULT) {
    put_code(me, base + 9, is_first);
  } else if (color >= INDEXED) {
    put_code(me, base + 8, is_first);
    put_code(me, 5, is_first);
    put_code(me, color - INDEXED, is_first);
  } else {
    put_code(me, color, is_first);
  }
}

// Makes the terminal have what ncurses believes.
static void settle(struct shortener *me) {
  bool is_first = true;
  unsigned off = me->has.marks & ~me->wants.marks;
  bool all_off = me->wants.marks == 0 && me->wants.ink == DEFAULT && me->wants.ground == DEFAULT;
  if (me->is_unknown || (all_off && (off || me->has.ink || me->has.ground)) ||
      (off && !me->can_switch_off) || (off & ~(MARK(1) | MARK(4) | MARK(7)))) {
    put_code(me, 0, &is_first);
    me->has = (struct rendition){0};
  } else {
    // Bold is switched off by 22.
    if (off & MARK(1)) put_code(me, 22, &is_first);
    if (off & MARK(4)) put_code(me, 24, &is_first);
    if (off & MARK(7)) put_code(me, 27, &is_first);
    me->has.marks &= ~off;
  }
  for (int code = 1; code <= 9; code++)
    if (me->wants.marks & ~me->has.marks & MARK(code)) put_code(me, code, &is_first);
  if (me->has.ink != me->wants.ink) put_color(me, me->wants.ink, 30, &is_first);
  if (me->has.ground != me->wants.ground) put_color(me, me->wants.ground, 40, &is_first);
  if (!is_first) put(me, "m", 1);
  me->has = me->wants;
  me->is_unknown = false;
}

// A blank shows its ground only.
static void settle_for_blank(struct shortener *me) {
  if (me->is_unknown || me->has.ground != me->wants.ground ||
      ((me->has.marks | me->wants.marks) & SHOWS_ON_BLANKS))
    settle(me);
}

// Reads a rendition; false when something in it is not understood, and then nothing is changed.
static bool read_rendition(struct shortener *me, const uint8_t *text, size_t count) {
  int codes[PARAMETERS_MAX] = {0};
  int last = 0;
  for (size_t at = 0; at < count; at++) {
    if (text[at] == ';') {
      if (++last == PARAMETERS_MAX) return false;
    } else if (text[at] >= '0' && text[at] <= '9' && codes[last] < 1000) {
      codes[last] = codes[last] * 10 + text[at] - '0';
    } else {
      return false;
    }
  }
  struct rendition next = me->wants;
  for (int at = 0; at <= last; at++) {
    int code = codes[at];
    if (code == 0) {
      next = (struct rendition){0};
    } else if (code == 38 || code == 48) {
      if (at + 2 > last || codes[at + 1] != 5 || codes[at + 2] > 255) return false;
      *(code == 38 ? &next.ink : &next.ground) = INDEXED + codes[at + 2];
      at += 2;
    } else if (code == 1 || code == 4 || code == 7) {
      next.marks |= MARK(code);
    } else if (code == 24 || code == 27) {
      next.marks &= ~MARK(code - 20);
    } else if (code == 22) {
      next.marks &= ~MARK(1);
    } else if (code == 39) {
      next.ink = DEFAULT;
    } else if (code == 49) {
      next.ground = DEFAULT;
    } else if ((code >= 30 && code < 38) || (code >= 90 && code < 98)) {
      next.ink = code;
    } else if ((code >= 40 && code < 48) || (code >= 100 && code < 108)) {
      next.ground = code;
    } else {
      return false;
    }
  }
  me->wants = next;
  return true;
}

// What is not understood goes through as it is, and afterwards nothing is known.
static void pass(struct shortener *me, const uint8_t *bytes, size_t count) {
  settle(me);
  put(me, bytes, count);
  me->is_unknown = true;
}

// `ESC [ … final`; returns its length.
static size_t take_control(struct shortener *me, const uint8_t *bytes, size_t left) {
  size_t end = 2;
  while (end < left && bytes[end] >= 0x20 && bytes[end] < 0x40) end++;
  if (end == left) {
    pass(me, bytes, left);
    return left;
  }
  size_t count = end + 1;
  switch (bytes[end]) {
  case 'm':
    if (!read_rendition(me, bytes + 2, end - 2)) pass(me, bytes, count);
    break;
  // They only move, or set modes and margins; `b` repeats what was settled for.
  case 'A': case 'B': case 'C': case 'D': case 'G': case 'H': case 'Z':
  case 'd': case 'f': case 'h': case 'l': case 'r': case 'b':
    put(me, bytes, count);
    break;
  // They leave blanks.
  case '@': case 'J': case 'K': case 'L': case 'M': case 'P': case 'S': case 'T': case 'X':
    settle_for_blank(me);
    put(me, bytes, count);
    break;
  default: pass(me, bytes, count);
  }
  return count;
}

static size_t take_escape(struct shortener *me, const uint8_t *bytes, size_t left) {
  if (left >= 2 && bytes[1] == '[') return take_control(me, bytes, left);
  if (left >= 3 && bytes[1] == '(') {
    // ncurses leaves the line-drawing characters with every rendition, also when it was not there.
    if (bytes[2] != 'B' || me->drew_lines) put(me, bytes, 3);
    me->drew_lines = bytes[2] != 'B';
    return 3;
  }
  // The keypad.
  if (left >= 2 && (bytes[1] == '=' || bytes[1] == '>')) {
    put(me, bytes, 2);
    return 2;
  }
  if (left >= 2 && bytes[1] == 'M') {
    settle_for_blank(me);
    put(me, bytes, 2);
    return 2;
  }
  // A string may be as long as it likes: the rest goes as it is.
  pass(me, bytes, left);
  return left;
}

static size_t take_text(struct shortener *me, const uint8_t *bytes, size_t left) {
  size_t count = 1;
  bool is_blank = bytes[0] == ' ';
  if (bytes[0] < 0x20) {
    // A return and a step back only move; a line feed may bring a new line in.
    if (bytes[0] == '\n') settle_for_blank(me);
    put(me, bytes, 1);
    return 1;
  }
  while (count < left && bytes[count] >= 0x20 && (bytes[count] == ' ') == is_blank) count++;
  if (is_blank) settle_for_blank(me); else settle(me);
  put(me, bytes, count);
  return count;
}

size_t screen_shorten(
  const uint8_t *input, size_t count, uint8_t *output, size_t room, bool can_switch_off) {
  struct shortener me = {
    .input = input, .count = count, .output = output, .room = room,
    .can_switch_off = can_switch_off,
  };
  for (size_t at = 0; at < count;) {
    const uint8_t *here = input + at;
    at += *here == ESC ? take_escape(&me, here, count - at) : take_text(&me, here, count - at);
  }
  // Between two frames the terminal has no colour set, as ncurses leaves it.
  settle(&me);
  return me.used;
}
