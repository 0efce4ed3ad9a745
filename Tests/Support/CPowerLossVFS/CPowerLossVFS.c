#include "CPowerLossVFS.h"

#include <fcntl.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { sectorBytes = 512 };

// A write, or a truncation (bytes is null, offset is the new size), that was not synced yet.
typedef struct Pending {
    struct Pending *next;
    int64_t offset;
    int64_t count;
    uint8_t *bytes;
} Pending;

// A file by its name. It lives as long as the disk, so that a deleted name can come back.
typedef struct Node {
    struct Node *next;
    char *path;
    uint8_t *synced;
    int64_t syncedBytes;
    Pending *first;
    Pending *last;
    // Whether the directory has the name: now, and after a power loss.
    int entry;
    int syncedEntry;
} Node;

struct cplDisk {
    sqlite3_vfs vfs;
    sqlite3_vfs *real;
    char *name;
    pthread_mutex_t mutex;
    Node *nodes;
    int64_t operations;
    int64_t cutAt;
    uint64_t random;
    char *folder;
    int cut;
    int failWrites;
    int failSyncs;
    int64_t failures;
};

typedef struct File {
    sqlite3_file base;
    cplDisk *disk;
    // Null for files whose loss does not matter (temporary ones).
    Node *node;
    // A log or journal: SQLite syncs its directory with it.
    int syncsDirectory;
    sqlite3_file *real;
} File;

// splitmix64
static uint64_t nextRandom(cplDisk *disk) {
    uint64_t z = (disk->random += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

static void *allocate(size_t count) {
    void *memory = calloc(1, count ? count : 1);
    if (!memory) abort();
    return memory;
}

static Node *findNode(cplDisk *disk, const char *path) {
    for (Node *node = disk->nodes; node; node = node->next)
        if (strcmp(node->path, path) == 0) return node;
    Node *node = allocate(sizeof *node);
    node->path = strdup(path);
    if (!node->path) abort();
    node->next = disk->nodes;
    disk->nodes = node;
    return node;
}

static void resize(uint8_t **bytes, int64_t *count, int64_t wanted) {
    uint8_t *grown = realloc(*bytes, wanted ? (size_t)wanted : 1);
    if (!grown) abort();
    if (wanted > *count) memset(grown + *count, 0, (size_t)(wanted - *count));
    *bytes = grown;
    *count = wanted;
}

static void overlay(
    uint8_t **bytes, int64_t *count, const uint8_t *part, int64_t offset, int64_t partCount) {
    if (offset + partCount > *count) resize(bytes, count, offset + partCount);
    memcpy(*bytes + offset, part, (size_t)partCount);
}

static void forgetPending(Node *node) {
    while (node->first) {
        Pending *pending = node->first;
        node->first = pending->next;
        free(pending->bytes);
        free(pending);
    }
    node->last = NULL;
}

static void addPending(Node *node, const void *bytes, int64_t count, int64_t offset) {
    Pending *pending = allocate(sizeof *pending);
    pending->offset = offset;
    pending->count = count;
    if (bytes) {
        pending->bytes = allocate((size_t)count);
        memcpy(pending->bytes, bytes, (size_t)count);
    }
    if (node->last) node->last->next = pending; else node->first = pending;
    node->last = pending;
}

static void syncNode(Node *node) {
    for (Pending *pending = node->first; pending; pending = pending->next) {
        if (pending->bytes)
            overlay(&node->synced, &node->syncedBytes, pending->bytes, pending->offset,
                pending->count);
        else
            resize(&node->synced, &node->syncedBytes, pending->offset);
    }
    forgetPending(node);
}

static void syncEntries(cplDisk *disk) {
    for (Node *node = disk->nodes; node; node = node->next) node->syncedEntry = node->entry;
}

// What survives of one file. `mode` 0: only what was synced, 1: everything, 2: chance decides.
static int materialiseNode(cplDisk *disk, Node *node, int mode) {
    int entry = node->syncedEntry;
    if (mode == 1 || (mode == 2 && nextRandom(disk) % 2)) entry = node->entry;
    if (!entry) return 1;
    int64_t count = 0;
    uint8_t *bytes = NULL;
    resize(&bytes, &count, node->syncedBytes);
    if (count) memcpy(bytes, node->synced, (size_t)count);
    for (Pending *pending = node->first; pending && mode; pending = pending->next) {
        uint64_t fate = mode == 1 ? 0 : nextRandom(disk) % 3;  // whole, lost, torn
        if (fate == 1) continue;
        if (!pending->bytes) {
            if (fate == 0) resize(&bytes, &count, pending->offset);
            continue;
        }
        int64_t at = 0;
        while (at < pending->count) {
            int64_t sector = (pending->offset + at) / sectorBytes;
            int64_t end = (sector + 1) * sectorBytes - pending->offset;
            if (end > pending->count) end = pending->count;
            if (fate == 0 || nextRandom(disk) % 2)
                overlay(&bytes, &count, pending->bytes + at, pending->offset + at, end - at);
            at = end;
        }
    }
    const char *slash = strrchr(node->path, '/');
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", disk->folder, slash ? slash + 1 : node->path);
    FILE *file = fopen(path, "wb");
    int done = file && fwrite(bytes, 1, (size_t)count, file) == (size_t)count;
    if (file && fclose(file) != 0) done = 0;
    free(bytes);
    return done;
}

// Counts an operation; false when the power is gone. Holds the mutex.
static int powered(cplDisk *disk) {
    if (disk->cut) return 0;
    disk->operations += 1;
    if (!disk->folder || disk->operations < disk->cutAt) return 1;
    int mode = (int)(nextRandom(disk) % 4);
    if (mode == 3) mode = 2;
    int done = 1;
    for (Node *node = disk->nodes; node; node = node->next)
        done = materialiseNode(disk, node, mode) && done;
    disk->cut = done ? 1 : -1;
    return 0;
}

static int fails(cplDisk *disk, int code) {
    if (code) disk->failures += 1;
    return code;
}

static int fileClose(sqlite3_file *base) {
    File *file = (File *)base;
    return file->real->pMethods ? file->real->pMethods->xClose(file->real) : SQLITE_OK;
}

static int fileRead(sqlite3_file *base, void *bytes, int count, sqlite3_int64 offset) {
    File *file = (File *)base;
    return file->real->pMethods->xRead(file->real, bytes, count, offset);
}

static int fileWrite(sqlite3_file *base, const void *bytes, int count, sqlite3_int64 offset) {
    File *file = (File *)base;
    cplDisk *disk = file->disk;
    pthread_mutex_lock(&disk->mutex);
    int result = powered(disk) ? fails(disk, disk->failWrites) : SQLITE_IOERR_WRITE;
    if (result == SQLITE_OK)
        result = file->real->pMethods->xWrite(file->real, bytes, count, offset);
    if (result == SQLITE_OK && file->node) addPending(file->node, bytes, count, offset);
    pthread_mutex_unlock(&disk->mutex);
    return result;
}

static int fileTruncate(sqlite3_file *base, sqlite3_int64 size) {
    File *file = (File *)base;
    cplDisk *disk = file->disk;
    pthread_mutex_lock(&disk->mutex);
    int result = powered(disk) ? fails(disk, disk->failWrites ? SQLITE_IOERR_TRUNCATE : 0)
                               : SQLITE_IOERR_TRUNCATE;
    if (result == SQLITE_OK) result = file->real->pMethods->xTruncate(file->real, size);
    if (result == SQLITE_OK && file->node) addPending(file->node, NULL, 0, size);
    pthread_mutex_unlock(&disk->mutex);
    return result;
}

static int fileSync(sqlite3_file *base, int flags) {
    (void)flags;  // The real sync is not needed: the test's own memory is the disk.
    File *file = (File *)base;
    cplDisk *disk = file->disk;
    pthread_mutex_lock(&disk->mutex);
    int result = powered(disk) ? fails(disk, disk->failSyncs) : SQLITE_IOERR_FSYNC;
    if (result == SQLITE_OK && file->node) {
        syncNode(file->node);
        if (file->syncsDirectory) syncEntries(disk);
    }
    pthread_mutex_unlock(&disk->mutex);
    return result;
}

static int fileSize(sqlite3_file *base, sqlite3_int64 *size) {
    File *file = (File *)base;
    return file->real->pMethods->xFileSize(file->real, size);
}

static int fileLock(sqlite3_file *base, int level) {
    File *file = (File *)base;
    return file->real->pMethods->xLock(file->real, level);
}

static int fileUnlock(sqlite3_file *base, int level) {
    File *file = (File *)base;
    return file->real->pMethods->xUnlock(file->real, level);
}

static int fileCheckReservedLock(sqlite3_file *base, int *result) {
    File *file = (File *)base;
    return file->real->pMethods->xCheckReservedLock(file->real, result);
}

static int fileControl(sqlite3_file *base, int operation, void *argument) {
    File *file = (File *)base;
    // A size hint would change the file behind our back.
    if (operation == SQLITE_FCNTL_SIZE_HINT) return SQLITE_OK;
    return file->real->pMethods->xFileControl(file->real, operation, argument);
}

static int fileSectorSize(sqlite3_file *base) {
    (void)base;
    return 4096;
}

static int fileDeviceCharacteristics(sqlite3_file *base) {
    (void)base;
    // Nothing is promised: no power-safe overwrite, no atomic write.
    return 0;
}

static int fileShmMap(sqlite3_file *base, int page, int size, int extend, void volatile **memory) {
    File *file = (File *)base;
    return file->real->pMethods->xShmMap(file->real, page, size, extend, memory);
}

static int fileShmLock(sqlite3_file *base, int offset, int count, int flags) {
    File *file = (File *)base;
    return file->real->pMethods->xShmLock(file->real, offset, count, flags);
}

static void fileShmBarrier(sqlite3_file *base) {
    File *file = (File *)base;
    file->real->pMethods->xShmBarrier(file->real);
}

static int fileShmUnmap(sqlite3_file *base, int remove) {
    File *file = (File *)base;
    return file->real->pMethods->xShmUnmap(file->real, remove);
}

// Version 2: no memory mapping, every byte comes through fileWrite.
static const sqlite3_io_methods methods = {
    2, fileClose, fileRead, fileWrite, fileTruncate, fileSync, fileSize, fileLock, fileUnlock,
    fileCheckReservedLock, fileControl, fileSectorSize, fileDeviceCharacteristics, fileShmMap,
    fileShmLock, fileShmBarrier, fileShmUnmap, NULL, NULL,
};

static int diskOpen(
    sqlite3_vfs *vfs, const char *name, sqlite3_file *base, int flags, int *outFlags) {
    cplDisk *disk = (cplDisk *)vfs->pAppData;
    File *file = (File *)base;
    memset(file, 0, sizeof *file);
    file->disk = disk;
    file->real = (sqlite3_file *)(file + 1);
    int result = disk->real->xOpen(disk->real, name, file->real, flags, outFlags);
    if (result != SQLITE_OK) return result;
    int log = flags & (SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL);
    if (name && (log || (flags & SQLITE_OPEN_MAIN_DB))) {
        pthread_mutex_lock(&disk->mutex);
        file->node = findNode(disk, name);
        file->node->entry = 1;
        pthread_mutex_unlock(&disk->mutex);
    }
    file->syncsDirectory = log != 0;
    file->base.pMethods = &methods;
    return SQLITE_OK;
}

static int diskDelete(sqlite3_vfs *vfs, const char *name, int syncDirectory) {
    cplDisk *disk = (cplDisk *)vfs->pAppData;
    pthread_mutex_lock(&disk->mutex);
    int result = powered(disk) ? disk->real->xDelete(disk->real, name, 0) : SQLITE_IOERR_DELETE;
    if (result == SQLITE_OK) {
        Node *node = findNode(disk, name);
        node->entry = 0;
        // The name can come back after a power loss, with what was synced under it; what was not
        // synced, or a later file of that name, is a new file.
        if (syncDirectory) {
            syncEntries(disk);
            resize(&node->synced, &node->syncedBytes, 0);
            forgetPending(node);
        } else {
            addPending(node, NULL, 0, 0);
        }
    }
    pthread_mutex_unlock(&disk->mutex);
    return result;
}

static int diskAccess(sqlite3_vfs *vfs, const char *name, int flags, int *result) {
    cplDisk *disk = (cplDisk *)vfs->pAppData;
    return disk->real->xAccess(disk->real, name, flags, result);
}

static int diskFullPathname(sqlite3_vfs *vfs, const char *name, int count, char *out) {
    cplDisk *disk = (cplDisk *)vfs->pAppData;
    return disk->real->xFullPathname(disk->real, name, count, out);
}

static int diskRandomness(sqlite3_vfs *vfs, int count, char *out) {
    cplDisk *disk = (cplDisk *)vfs->pAppData;
    return disk->real->xRandomness(disk->real, count, out);
}

static int diskSleep(sqlite3_vfs *vfs, int microseconds) {
    cplDisk *disk = (cplDisk *)vfs->pAppData;
    return disk->real->xSleep(disk->real, microseconds);
}

static int diskCurrentTime(sqlite3_vfs *vfs, double *now) {
    cplDisk *disk = (cplDisk *)vfs->pAppData;
    return disk->real->xCurrentTime(disk->real, now);
}

static int diskGetLastError(sqlite3_vfs *vfs, int count, char *out) {
    cplDisk *disk = (cplDisk *)vfs->pAppData;
    return disk->real->xGetLastError(disk->real, count, out);
}

static int diskCurrentTime64(sqlite3_vfs *vfs, sqlite3_int64 *now) {
    cplDisk *disk = (cplDisk *)vfs->pAppData;
    return disk->real->xCurrentTimeInt64(disk->real, now);
}

cplDisk *cplRegister(const char *name) {
    sqlite3_vfs *real = sqlite3_vfs_find(NULL);
    if (!real || sqlite3_vfs_find(name)) return NULL;
    cplDisk *disk = allocate(sizeof *disk);
    disk->real = real;
    disk->name = strdup(name);
    pthread_mutex_init(&disk->mutex, NULL);
    disk->vfs.iVersion = 2;
    disk->vfs.szOsFile = (int)sizeof(File) + real->szOsFile;
    disk->vfs.mxPathname = real->mxPathname;
    disk->vfs.zName = disk->name;
    disk->vfs.pAppData = disk;
    disk->vfs.xOpen = diskOpen;
    disk->vfs.xDelete = diskDelete;
    disk->vfs.xAccess = diskAccess;
    disk->vfs.xFullPathname = diskFullPathname;
    disk->vfs.xRandomness = diskRandomness;
    disk->vfs.xSleep = diskSleep;
    disk->vfs.xCurrentTime = diskCurrentTime;
    disk->vfs.xGetLastError = diskGetLastError;
    disk->vfs.xCurrentTimeInt64 = diskCurrentTime64;
    if (sqlite3_vfs_register(&disk->vfs, 0) == SQLITE_OK) return disk;
    cplUnregister(disk);
    return NULL;
}

void cplUnregister(cplDisk *disk) {
    sqlite3_vfs_unregister(&disk->vfs);
    while (disk->nodes) {
        Node *node = disk->nodes;
        disk->nodes = node->next;
        forgetPending(node);
        free(node->synced);
        free(node->path);
        free(node);
    }
    pthread_mutex_destroy(&disk->mutex);
    free(disk->folder);
    free(disk->name);
    free(disk);
}

int64_t cplOperations(cplDisk *disk) {
    pthread_mutex_lock(&disk->mutex);
    int64_t operations = disk->operations;
    pthread_mutex_unlock(&disk->mutex);
    return operations;
}

void cplCutPowerAt(cplDisk *disk, int64_t operation, uint64_t seed, const char *folder) {
    pthread_mutex_lock(&disk->mutex);
    free(disk->folder);
    disk->folder = strdup(folder);
    disk->random = seed;
    disk->cutAt = operation;
    pthread_mutex_unlock(&disk->mutex);
}

int cplPowerIsCut(cplDisk *disk) {
    pthread_mutex_lock(&disk->mutex);
    int cut = disk->cut;
    pthread_mutex_unlock(&disk->mutex);
    return cut;
}

void cplFailWrites(cplDisk *disk, int code) {
    pthread_mutex_lock(&disk->mutex);
    disk->failWrites = code;
    pthread_mutex_unlock(&disk->mutex);
}

void cplFailSyncs(cplDisk *disk, int code) {
    pthread_mutex_lock(&disk->mutex);
    disk->failSyncs = code;
    pthread_mutex_unlock(&disk->mutex);
}

int64_t cplFailures(cplDisk *disk) {
    pthread_mutex_lock(&disk->mutex);
    int64_t failures = disk->failures;
    pthread_mutex_unlock(&disk->mutex);
    return failures;
}
