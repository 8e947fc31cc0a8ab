// The physical limit: what remains of running scripts if nothing is read, kept, timed or decided. `sh s1.sh`, `sh s2.sh` and so on, so
// many at once:   floor SCRIPTS SLOTS

#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>

extern char **environ;

int main(int count, char **arguments) {
  if (count != 3) return 2;
  int scripts = atoi(arguments[1]), slots = atoi(arguments[2]), started = 0, running = 0;
  while (started < scripts || running > 0) {
    while (started < scripts && running < slots) {
      char file[32];
      snprintf(file, sizeof file, "s%d.sh", ++started);
      char *command[] = {"sh", file, NULL};
      pid_t process;
      if (posix_spawnp(&process, "sh", NULL, NULL, command, environ) != 0) return 1;
      running++;
    }
    int status;
    if (wait(&status) < 0 || status != 0) return 1;
    running--;
  }
  return 0;
}
