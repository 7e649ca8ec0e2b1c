#define _GNU_SOURCE
#include "ferry_zip.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zip.h>

#define FUNCTIONS(X)                                                                                                  \
  X(zip_source_buffer_create) X(zip_source_free) X(zip_source_keep) X(zip_source_open) X(zip_source_read)             \
  X(zip_source_close) X(zip_source_stat) X(zip_source_buffer) X(zip_open_from_source) X(zip_close) X(zip_discard)     \
  X(zip_get_num_entries) X(zip_stat_index) X(zip_fopen_index) X(zip_fread) X(zip_fclose) X(zip_file_add)              \
  X(zip_set_file_compression) X(zip_file_set_dostime) X(zip_error_init) X(zip_error_fini) X(zip_error_strerror)       \
  X(zip_get_error) X(zip_file_get_error) X(zip_stat_init)

#define DECLARE(name) static __typeof__(&name) load_##name;
FUNCTIONS(DECLARE)

static pthread_once_t load_once = PTHREAD_ONCE_INIT;
static const char *load_message;
static _Thread_local char message[256];

static void load(void) {
#if defined(__APPLE__)
  static const char *const names[] = {"libzip.5.dylib", "libzip.dylib"};
#else
  static const char *const names[] = {"libzip.so.4", "libzip.so.5", "libzip.so"};
#endif
  void *library = NULL;
  for (size_t i = 0; library == NULL && i < sizeof names / sizeof *names; i++) {
    library = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
  }
  if (library == NULL) {
    load_message = "libzip is not installed";
    return;
  }
#define LOAD(name)                                                                                                    \
  load_##name = (__typeof__(&name))dlsym(library, #name);                                                             \
  if (load_##name == NULL) {                                                                                          \
    load_message = "libzip lacks the function " #name;                                                                \
    return;                                                                                                           \
  }
  FUNCTIONS(LOAD)
}

const char *ferry_zip_load(void) {
  pthread_once(&load_once, load);
  return load_message;
}

struct ferry_zip_archive {
  zip_t *zip;
  zip_source_t *source; /* of an archive that is being written; null for one that is read */
};

static const char *fail(zip_error_t *error) {
  snprintf(message, sizeof message, "%s", load_zip_error_strerror(error));
  return message;
}

static const char *open_archive(const void *bytes, size_t count, int flags, int keep, ferry_zip_archive **archive) {
  zip_error_t error;
  load_zip_error_init(&error);
  const char *failure = NULL;
  ferry_zip_archive *result = calloc(1, sizeof *result);
  zip_source_t *source = result == NULL ? NULL : load_zip_source_buffer_create(bytes, count, 0, &error);
  if (source == NULL) {
    failure = result == NULL ? "out of memory" : fail(&error);
  } else {
    if (keep) load_zip_source_keep(source);
    result->zip = load_zip_open_from_source(source, flags, &error);
    result->source = keep ? source : NULL;
    if (result->zip == NULL) {
      failure = fail(&error);
      if (keep) load_zip_source_free(source);
      load_zip_source_free(source);
    }
  }
  load_zip_error_fini(&error);
  if (failure != NULL) {
    free(result);
    return failure;
  }
  *archive = result;
  return NULL;
}

const char *ferry_zip_open(const void *bytes, size_t count, ferry_zip_archive **archive) {
  return open_archive(bytes, count, ZIP_RDONLY, 0, archive);
}

uint64_t ferry_zip_entry_count(ferry_zip_archive *archive) {
  zip_int64_t count = load_zip_get_num_entries(archive->zip, 0);
  return count < 0 ? 0 : (uint64_t)count;
}

const char *ferry_zip_describe_entry(ferry_zip_archive *archive, uint64_t index, ferry_zip_entry *entry) {
  zip_stat_t status;
  load_zip_stat_init(&status);
  if (load_zip_stat_index(archive->zip, index, ZIP_FL_ENC_STRICT, &status) != 0) {
    return fail(load_zip_get_error(archive->zip));
  }
  zip_uint64_t needed = ZIP_STAT_NAME | ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_COMP_METHOD;
  if ((status.valid & needed) != needed) return "an entry without name or sizes";
  entry->name = status.name;
  entry->size = status.size;
  entry->packed_size = status.comp_size;
  entry->method = status.comp_method;
  entry->is_encrypted = (status.valid & ZIP_STAT_ENCRYPTION_METHOD) && status.encryption_method != ZIP_EM_NONE;
  return NULL;
}

const char *ferry_zip_read_entry(ferry_zip_archive *archive, uint64_t index, void *bytes, size_t size) {
  zip_file_t *file = load_zip_fopen_index(archive->zip, index, 0);
  if (file == NULL) return fail(load_zip_get_error(archive->zip));
  const char *failure = NULL;
  size_t done = 0;
  while (failure == NULL && done < size) {
    zip_int64_t count = load_zip_fread(file, (char *)bytes + done, size - done);
    if (count < 0) failure = fail(load_zip_file_get_error(file));
    if (count == 0) failure = "the entry is shorter than the archive says";
    if (count > 0) done += (size_t)count;
  }
  if (failure == NULL) {
    /* The end is where libzip compares the CRC; a byte more is more than the archive promised. */
    char more;
    zip_int64_t count = load_zip_fread(file, &more, 1);
    if (count < 0) failure = fail(load_zip_file_get_error(file));
    if (count > 0) failure = "the entry is longer than the archive says";
  }
  load_zip_fclose(file);
  return failure;
}

void ferry_zip_close(ferry_zip_archive *archive) {
  load_zip_discard(archive->zip);
  free(archive);
}

const char *ferry_zip_create(ferry_zip_archive **archive) {
  return open_archive(NULL, 0, ZIP_TRUNCATE, 1, archive);
}

static void abandon(ferry_zip_archive *archive) {
  load_zip_discard(archive->zip);
  load_zip_source_free(archive->source);
  free(archive);
}

const char *ferry_zip_add_entry(
    ferry_zip_archive *archive, const char *name, const void *bytes, size_t count, int is_deflated) {
  zip_source_t *source = load_zip_source_buffer(archive->zip, bytes, count, 0);
  if (source == NULL) return fail(load_zip_get_error(archive->zip));
  zip_int64_t index = load_zip_file_add(archive->zip, name, source, ZIP_FL_ENC_UTF_8);
  if (index < 0) {
    load_zip_source_free(source);
    return fail(load_zip_get_error(archive->zip));
  }
  zip_int32_t method = is_deflated ? ZIP_CM_DEFLATE : ZIP_CM_STORE;
  /* 0x21: the first day of 1980, the earliest date a zip archive can hold. */
  if (load_zip_set_file_compression(archive->zip, (zip_uint64_t)index, method, 0) != 0 ||
      load_zip_file_set_dostime(archive->zip, (zip_uint64_t)index, 0, 0x21, 0) != 0) {
    return fail(load_zip_get_error(archive->zip));
  }
  return NULL;
}

const char *ferry_zip_finish(ferry_zip_archive *archive, void **bytes, size_t *count) {
  if (load_zip_close(archive->zip) != 0) {
    const char *failure = fail(load_zip_get_error(archive->zip));
    abandon(archive);
    return failure;
  }
  zip_source_t *source = archive->source;
  free(archive);
  const char *failure = NULL;
  zip_stat_t status;
  load_zip_stat_init(&status);
  /* An archive without entries leaves no content behind. */
  size_t size = load_zip_source_stat(source, &status) == 0 && (status.valid & ZIP_STAT_SIZE) ? status.size : 0;
  char *result = malloc(size > 0 ? size : 1);
  if (result == NULL) failure = "out of memory";
  if (failure == NULL && size > 0) {
    if (load_zip_source_open(source) != 0) {
      failure = "the finished archive cannot be read";
    } else {
      size_t done = 0;
      while (failure == NULL && done < size) {
        zip_int64_t piece = load_zip_source_read(source, result + done, size - done);
        if (piece <= 0) failure = "the finished archive cannot be read";
        else done += (size_t)piece;
      }
      load_zip_source_close(source);
    }
  }
  load_zip_source_free(source);
  if (failure != NULL) {
    free(result);
    return failure;
  }
  *bytes = result;
  *count = size;
  return NULL;
}
