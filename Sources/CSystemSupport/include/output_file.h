/* What an output needs of the system until it stands under its name. */
#ifndef FERRY_OUTPUT_FILE_H
#define FERRY_OUTPUT_FILE_H

/* Renames `from` to `to` in one step; fails with EEXIST where `to` exists. Returns 0, or an errno. */
int ferry_rename_exclusively(const char *from, const char *to);

/* Lets the system begin to write a stretch of a file to the disk, and does not wait for it. */
void ferry_start_flushing(int descriptor, long long offset, long long count);

#endif
