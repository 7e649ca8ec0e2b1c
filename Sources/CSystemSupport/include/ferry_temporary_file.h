/* The files that must not outlive the process: outputs that do not stand under their names yet. */
#ifndef FERRY_TEMPORARY_FILE_H
#define FERRY_TEMPORARY_FILE_H

typedef struct ferry_temporary_file ferry_temporary_file;

/* Notes the path of a file that is about to be made. Null when memory is exhausted, or the path is longer than the system
   takes: the file is then one that nobody removes. */
ferry_temporary_file *ferry_note_temporary_file(const char *path);

/* Takes the note back: the file has its name, or is gone. Takes null. */
void ferry_forget_temporary_file(ferry_temporary_file *file);

/* Removes every noted file, each once. Async-signal-safe: for a process that ends now. */
void ferry_remove_temporary_files(void);

/* From now on, a signal that asks the process to end (SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGXCPU) removes the noted files first,
   and then does what it does by default. One that is ignored, or handled by somebody, stays as it is. For a program, not
   for a library. */
void ferry_remove_temporary_files_on_signals(void);

#endif
