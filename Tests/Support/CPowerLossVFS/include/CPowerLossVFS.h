#ifndef CPOWERLOSSVFS_H
#define CPOWERLOSSVFS_H
#include <stdint.h>

// A SQLite VFS for tests that wraps the platform's and remembers, for each database and log file,
// what was synced and which writes were not. It can cut the power at a chosen operation, and make
// writes and syncs fail. The -shm file passes through: it is not kept by a power loss.

typedef struct cplDisk cplDisk;

// Registers a VFS of that name; null when memory or the name is lacking.
cplDisk *cplRegister(const char *name);
// Unregisters and frees. All its files must be closed.
void cplUnregister(cplDisk *disk);

// Writes, truncations, syncs and deletions seen so far.
int64_t cplOperations(cplDisk *disk);

// The power fails at the operation with that count, before it is done: what survives is written
// into the folder, chosen by the seed among: nothing that was not synced, all of it, or a random
// part of it, down to single sectors of a write. From then on every operation fails.
void cplCutPowerAt(cplDisk *disk, int64_t operation, uint64_t seed, const char *folder);
// 1 when the power was cut, -1 when writing the survivors failed, else 0.
int cplPowerIsCut(cplDisk *disk);

// The result code that writes (syncs) return instead of being done; 0 ends it.
void cplFailWrites(cplDisk *disk, int code);
void cplFailSyncs(cplDisk *disk, int code);
// How many operations were made to fail.
int64_t cplFailures(cplDisk *disk);
#endif
