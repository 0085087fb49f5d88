// The yardstick for a start: ncurses, one whole screen in three colours, and nothing else.
#include <curses.h>
#include <locale.h>

int main(void) {
  setlocale(LC_ALL, "");
  initscr();
  start_color();
  for (short pair = 1; pair < 4; pair++) init_pair(pair, pair, COLOR_BLACK);
  for (int row = 0; row < LINES; row++) {
    for (int column = 0; column < COLS - 5; column++) {
      mvaddch(row, column, (chtype)('a' + (row + column) % 26) | COLOR_PAIR(column / 20 % 4));
    }
  }
  mvaddstr(LINES - 1, 0, "the-last-line");
  refresh();
  getch();
  endwin();
  return 0;
}
