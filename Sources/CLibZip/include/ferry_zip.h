/* Zip archives in memory, through libzip.

   libzip is loaded at the first archive that is opened: Debian has it as a shared library only, which brings libcrypto
   along and would add 1.5 ms to every start. */
#ifndef FERRY_ZIP_H
#define FERRY_ZIP_H

#include <stddef.h>
#include <stdint.h>

typedef struct ferry_zip_archive ferry_zip_archive;

typedef struct {
  const char *name; /* as the archive holds it; valid while the archive is open */
  uint64_t size;
  uint64_t packed_size;
  uint16_t method; /* 0: stored, 8: deflated */
  int is_encrypted;
} ferry_zip_entry;

/* Loads libzip where it is not loaded yet. Null on success, otherwise a message that lives for ever. */
const char *ferry_zip_load(void);

/* All functions below need a ferry_zip_load that succeeded. Those that return a message return null on success; the
   message lives until the thread's next call. */

/* Opens an archive over bytes that outlive it. */
const char *ferry_zip_open(const void *bytes, size_t count, ferry_zip_archive **archive);
uint64_t ferry_zip_entry_count(ferry_zip_archive *archive);
const char *ferry_zip_describe_entry(ferry_zip_archive *archive, uint64_t index, ferry_zip_entry *entry);
/* Unpacks the entry into exactly `size` bytes and compares its CRC-32. */
const char *ferry_zip_read_entry(ferry_zip_archive *archive, uint64_t index, void *bytes, size_t size);
/* Closes an archive that was opened for reading. */
void ferry_zip_close(ferry_zip_archive *archive);

/* Begins an archive in memory. */
const char *ferry_zip_create(ferry_zip_archive **archive);
/* Adds an entry, dated 1980-01-01; the bytes must live until ferry_zip_finish. */
const char *ferry_zip_add_entry(
    ferry_zip_archive *archive, const char *name, const void *bytes, size_t count, int is_deflated);
/* Ends the archive and hands out its bytes, to be given back with free(). */
const char *ferry_zip_finish(ferry_zip_archive *archive, void **bytes, size_t *count);

#endif
