// Preloaded into a server: while the file $SLOW_FILES_WHILE exists, opening a stream of a file
// whose name ends in ".pem" does not return, as on a file system that is gone.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void wait_if_asked(const char *path) {
    const char *mark = getenv("SLOW_FILES_WHILE");
    size_t length = strlen(path);
    if (mark == NULL || length < 4 || strcmp(path + length - 4, ".pem") != 0) return;
    if (access(mark, F_OK) != 0) return;
    fprintf(stderr, "slow files: waiting\n");
    // Polls: a file system has no event for the end of its absence.
    while (access(mark, F_OK) == 0) usleep(10000);
}

FILE *fopen(const char *path, const char *mode) {
    wait_if_asked(path);
    FILE *(*next)(const char *, const char *) = dlsym(RTLD_NEXT, "fopen");
    return next(path, mode);
}

FILE *fopen64(const char *path, const char *mode) {
    wait_if_asked(path);
    FILE *(*next)(const char *, const char *) = dlsym(RTLD_NEXT, "fopen64");
    return next(path, mode);
}
