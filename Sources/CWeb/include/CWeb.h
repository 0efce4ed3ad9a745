// The files of Sources/Server/Web, in the program. Swift has no #embed, and SwiftPM's embedInCode
// makes array literals of them that take long to compile.

#ifndef CWEB_H
#define CWEB_H

#include <stddef.h>
#include <stdint.h>

struct cweb_file {
    /// In the folder, such as client/clock.js; NUL-terminated.
    const char *path;
    const uint8_t *bytes;
    size_t count;
};

size_t cweb_count(void);

/// `index` is below `cweb_count`.
struct cweb_file cweb_file(size_t index);

#endif
