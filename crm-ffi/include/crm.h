/* Generated from crm-ffi/src/c by cbindgen. Do not edit. */

/**
 * @file
 * The C interface of crm-core, an embeddable CRM engine.
 *
 * A database (crm_open()) has sessions (crm_session_open()), and a session runs operations (crm_call()): a name, JSON in,
 * JSON out. crm_operations.h has a documented function for each operation.
 *
 * Status: every function that can fail gives 0 or a crm_status, and puts its error as JSON into a buffer: an object
 * with `code` (stable, dotted), `kind`, `status`, `path` (the field), `reason` (in words) and `details`. Nothing personal is in it.
 *
 * Arguments: pointer and length everywhere; texts are UTF-8 and need no zero byte. NULL with length 0 is empty. What is
 * wrong is an error: `surface.null` for NULL where there must be something, `surface.utf8`, `input.too_long` for
 * more than 256 MiB, `surface.handle` for a handle that is closed, of another kind or invented. Nothing is
 * changed then. A defect of the library is `surface.panic` with CRM_STATUS_INTERNAL; it never unwinds into the host.
 *
 * Handles: numbers, never pointers, and none is given twice in a process. Closing twice, using after closing and closing
 * while others work are defined.
 *
 * Buffers: what the library fills, the host frees with crm_buffer_free(). A function overwrites its buffer without freeing
 * what lay there, so free it before it is used again; a function that has nothing to say leaves it empty.
 *
 * Threads: all functions may be called from any thread at the same time. A process that forks must open its databases
 * after the fork.
 */

#ifndef CRM_H
#define CRM_H

#include <stddef.h>
#include <stdint.h>

#if !defined(CRM_API)
#if defined(_WIN32) && defined(CRM_SHARED)
#define CRM_API __declspec(dllimport)
#else
#define CRM_API
#endif
#endif

/**
 * The version of the ABI that a header was written for. It grows when a symbol changes its meaning or goes;
 * new symbols and new operations leave it as it is.
 */
#define CRM_ABI_VERSION 1

/**
 * For crm_events_next(): wait until something happens or the stream is closed.
 */
#define CRM_FOREVER UINT32_MAX

/**
 * What a function gives back: 0, or why it failed. The numbers are stable and have gaps; a newer library may give
 * one that is not listed here, which a host treats as its hundred.
 */
enum crm_status
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * It succeeded.
   */
  CRM_STATUS_OK = 0,
  /**
   * Nothing happened within the time; no error.
   */
  CRM_STATUS_TIMEOUT = 10,
  /**
   * The input is wrong: type, format, range, an unknown field, a null pointer, no UTF-8.
   */
  CRM_STATUS_INVALID = 100,
  /**
   * A limit on the size of the input was exceeded.
   */
  CRM_STATUS_LIMIT = 110,
  /**
   * No such record, or none that the session may see.
   */
  CRM_STATUS_NOT_FOUND = 200,
  /**
   * The record was changed since it was read; the details name the fields.
   */
  CRM_STATUS_CONFLICT = 300,
  /**
   * A unique value exists already.
   */
  CRM_STATUS_DUPLICATE = 310,
  /**
   * Other records still point at this one.
   */
  CRM_STATUS_RESTRICTED = 320,
  /**
   * A rule of the domain forbids the change.
   */
  CRM_STATUS_RULE = 330,
  /**
   * The session may not do this.
   */
  CRM_STATUS_FORBIDDEN = 400,
  /**
   * The work was interrupted or cancelled by the host. Nothing was changed.
   */
  CRM_STATUS_INTERRUPTED = 500,
  /**
   * The database is locked by somebody else for longer than the busy timeout.
   */
  CRM_STATUS_BUSY = 510,
  /**
   * The disk is full, or the file may not grow.
   */
  CRM_STATUS_FULL = 520,
  /**
   * Reading or writing the file failed.
   */
  CRM_STATUS_IO = 530,
  /**
   * The file is not a database, or is damaged.
   */
  CRM_STATUS_CORRUPT = 600,
  /**
   * The file was written by a newer version of the library.
   */
  CRM_STATUS_INCOMPATIBLE = 610,
  /**
   * The handle was closed, or never opened.
   */
  CRM_STATUS_CLOSED = 700,
  /**
   * A defect of the library.
   */
  CRM_STATUS_INTERNAL = 900,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum crm_status crm_status;
#else
typedef int32_t crm_status;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * Bytes that the library made: a result, an error, a database.
 *
 * Owner: the host, from the call that filled it until crm_buffer_free(). The host may read and change the bytes but
 * neither the pointer, the length nor the capacity. Lifetime: until crm_buffer_free(), also after the handle was
 * closed. Threads: may be moved to another thread; not to be freed while another thread reads it.
 * NULL: without bytes, `data` is NULL and `length` is 0.
 *
 * One zero byte stands behind the last byte, so that JSON can be read as a C string; `length` does not count it.
 */
typedef struct crm_buffer {
  /**
   * The bytes, UTF-8 where they are JSON.
   */
  uint8_t *data;
  /**
   * How many bytes there are.
   */
  size_t length;
  /**
   * How many bytes are allocated; for the library only.
   */
  size_t capacity;
} crm_buffer;

/**
 * An open database. 0 is none, and no number is given twice in a process.
 */
typedef uint64_t crm_db_t;

/**
 * A session on a database: who acts, and for which purpose. 0 is none, and no number is given twice in a process.
 */
typedef uint64_t crm_session_t;

/**
 * What is told how far a long operation is: `progress` is the text of a JSON object with counts, such as {"read": 500}.
 * Gives 0 to go on, anything else to stop the operation, which then changes nothing more and fails.
 *
 * Owner: the library keeps `progress`, which lives during the call of the callback. Threads: it is called on the thread that
 * made the call, while that call runs. It may call the library, but must neither close the database nor throw nor
 * jump out.
 */
typedef int32_t (*crm_progress)(void *user_data, const char *progress, size_t progress_length);

/**
 * A stream of commits. 0 is none, and no number is given twice in a process.
 */
typedef uint64_t crm_events_t;

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/**
 * Frees the bytes of a buffer and makes it empty, so that a second call does nothing.
 *
 * Owner: the host gives the bytes back; the struct itself stays the host's. Threads: any thread, not necessarily the
 * one that got the buffer. NULL: a NULL pointer and an empty buffer are left alone.
 *
 * # Safety
 * `buffer` is NULL or points at a buffer that is empty or was filled by this library, and of which no copy was freed.
 */
CRM_API
void crm_buffer_free(struct crm_buffer *buffer);

/**
 * The version of the ABI of the linked library. A host that loads the library at run time compares it with
 * CRM_ABI_VERSION of its header and refuses another one.
 *
 * Owner, lifetime, NULL: nothing is handed over. Threads: any, at any time. It cannot fail.
 */
CRM_API
uint32_t crm_abi_version(void);

/**
 * The version of the library, such as "0.1.0", as a C string.
 *
 * Owner: the library; never to be freed. Lifetime: as long as the library is loaded. Threads: any, at any time.
 * NULL: it never gives NULL.
 */
CRM_API
const char *crm_version(void);

/**
 * Every operation and record type of this library as one JSON document with JSON Schemas: `version`, `records`,
 * `operations`, `$defs`. Custom fields and types are not in it; the operation `schema.list` has those of a database.
 *
 * Owner: the host frees `output` with crm_buffer_free(). Threads: any, at any time.
 * NULL: `output` must not be NULL; CRM_STATUS_INVALID otherwise.
 *
 * # Safety
 * `output` is NULL or may be written to. What lies there is overwritten, not freed.
 */
CRM_API
int32_t crm_schema_json(struct crm_buffer *output);

/**
 * Opens a database file, or makes it, or makes a database in memory.
 *
 * `options` is the text of a JSON object, all members optional: `path` (the file; without it, or ":memory:", in
 * memory), `country` (ISO 3166-1 alpha-2), `zone` (IANA name), `key` (64 hexadecimal digits that wrap the keys of data
 * subjects; without it, in a file beside the database), `database_key` (64 hexadecimal digits under which the whole
 * database is encrypted; needs `key`, and a library that is built with the feature `sqlcipher`), `next_database_key` (the
 * key under which it shall be from now on), `attachment_limit` (bytes), `erasure_ledger` (the object that
 * `privacy.erasure_ledger` gives: who it names is erased before anything is read), `controller` (an object with `seat`, a
 * place of ISO 3166, and `charity`), `regimes` (an array of the keys of the laws that decide, all without it), `contact_caps`
 * (up to 16 objects with `contacts` and `hours`, 1 to 720), `least_group` (smaller groups are suppressed in sessions for
 * analytics, 5 without it), `read_log_every` (every so manieth read is logged, 0 for none), and for tests `clock` and `seed`.
 * Who signs the certificates of erasures, and rules of the host, are supplied by programs in Rust only.
 *
 * Owner: the host closes `*database` with crm_close(); it frees `error` with crm_buffer_free().
 * Lifetime: of `options`, the call; of the handle, until crm_close().
 * Threads: any. The handle may be used by any number of threads at the same time.
 * NULL: `options` may be NULL with length 0, for a database in memory; `database` must not be NULL; `error` may be, and
 * then the error is told by the status alone.
 * On failure `*database` is 0 and `error` has the error: an object with `code`, `kind`, `status`, `path`, `reason`, `details`.
 *
 * # Safety
 * `options` points at `options_length` bytes or is NULL; `database` and `error` are NULL or may be written to. What lies
 * there is overwritten, not freed.
 */
CRM_API
int32_t crm_open(const char *options,
                 size_t options_length,
                 crm_db_t *database,
                 struct crm_buffer *error);

/**
 * Opens a database in memory from bytes that crm_export_bytes() gave, or from the bytes of a database file.
 *
 * `options` is as for crm_open(), without `path`. Give the `key` of the exporting host, or the personal values in the
 * journal stay sealed; the bytes of an encrypted database need its `database_key`.
 *
 * Owner: the host keeps `bytes`, closes `*database` with crm_close() and frees `error` with crm_buffer_free().
 * Lifetime: of `bytes` and `options`, the call. Threads: any.
 * NULL: `bytes` may be NULL with length 0, for an empty database; `options` may be NULL with length 0; `database`
 * must not be NULL; `error` may be.
 *
 * # Safety
 * `bytes` and `options` point at as many bytes as their lengths say or are NULL; `database` and `error` are NULL or may
 * be written to. What lies there is overwritten, not freed.
 */
CRM_API
int32_t crm_open_bytes(const uint8_t *bytes,
                       size_t bytes_length,
                       const char *options,
                       size_t options_length,
                       crm_db_t *database,
                       struct crm_buffer *error);

/**
 * Closes a database with its sessions and event streams. New calls fail; calls that run are waited for, and
 * interrupted when they take longer than the busy timeout (5 s).
 *
 * Owner: takes the handle back. Threads: any, also while other threads work on the database; of several
 * threads that close it, one gets 0. Not from a progress callback: `storage.nested`, and the database stays open.
 * NULL: the handle 0 is none and gives CRM_STATUS_OK; `error` may be NULL.
 * A second close changes nothing and gives CRM_STATUS_CLOSED with the code `surface.handle`, as every use of a closed
 * handle does.
 *
 * # Safety
 * `error` is NULL or may be written to. What lies there is overwritten, not freed.
 */
CRM_API
int32_t crm_close(crm_db_t database,
                  struct crm_buffer *error);

/**
 * Stops what runs on a database now, in all its sessions. It fails with CRM_STATUS_INTERRUPTED and nothing of it is
 * stored; when nothing runs, nothing happens.
 *
 * Owner: nothing is handed over. Threads: any; it never waits. NULL: `error` may be NULL.
 *
 * # Safety
 * `error` is NULL or may be written to. What lies there is overwritten, not freed.
 */
CRM_API
int32_t crm_interrupt(crm_db_t database,
                      struct crm_buffer *error);

/**
 * Writes a compact copy of the database into a new file, while others go on working. The key file is not copied.
 *
 * `path` is UTF-8 and must not exist: `storage.backup.exists` otherwise.
 *
 * Owner: the host keeps `path` and frees `error` with crm_buffer_free(). Lifetime: of `path`, the call. Threads: any.
 * NULL: `path` must not be NULL; `error` may be.
 *
 * # Safety
 * `path` points at `path_length` bytes or is NULL; `error` is NULL or may be written to. What lies there is
 * overwritten, not freed.
 */
CRM_API
int32_t crm_backup(crm_db_t database,
                   const char *path,
                   size_t path_length,
                   struct crm_buffer *error);

/**
 * Gives the bytes of the database, as a file would hold them.
 *
 * Owner: the host frees `output`, which has the bytes or the error, with crm_buffer_free(). Threads: any.
 * NULL: `output` must not be NULL; CRM_STATUS_INVALID otherwise.
 *
 * # Safety
 * `output` is NULL or may be written to. What lies there is overwritten, not freed.
 */
CRM_API
int32_t crm_export_bytes(crm_db_t database,
                         struct crm_buffer *output);

/**
 * Opens a session: who acts, and for which purpose. It costs next to nothing; a host may keep one for each user, or
 * open one for each request.
 *
 * `options` is the text of a JSON object, all members optional: `actor` ("system", or "user:" and the identifier of a
 * user; the system otherwise) and `purpose` (such as "customer_care"; "customer_relationship_management" otherwise).
 *
 * Owner: the host closes `*session` with crm_session_close(), or leaves that to crm_close() of its database; it frees `error` with
 * crm_buffer_free(). Lifetime: of `options`, the call; of the handle, until one of the two closes.
 * Threads: any. The handle may be used by any number of threads at the same time.
 * NULL: `options` may be NULL with length 0; `session` must not be NULL; `error` may be.
 * On failure `*session` is 0.
 *
 * # Safety
 * `options` points at `options_length` bytes or is NULL; `session` and `error` are NULL or may be written to. What lies
 * there is overwritten, not freed.
 */
CRM_API
int32_t crm_session_open(crm_db_t database,
                         const char *options,
                         size_t options_length,
                         crm_session_t *session,
                         struct crm_buffer *error);

/**
 * Closes a session. Calls that run in it finish.
 *
 * Owner: takes the handle back. Threads: any. NULL: the handle 0 is none and gives CRM_STATUS_OK; `error` may be NULL.
 * A second close, or one after crm_close() of the database, changes nothing and gives CRM_STATUS_CLOSED.
 *
 * # Safety
 * `error` is NULL or may be written to. What lies there is overwritten, not freed.
 */
CRM_API
int32_t crm_session_close(crm_session_t session,
                          struct crm_buffer *error);

/**
 * Runs an operation, such as "person.create", with its input as the text of a JSON object.
 *
 * `output` gets the result as JSON when the status is CRM_STATUS_OK, and otherwise the error: an object with `code`, `kind`,
 * `status`, `path`, `reason`, `details`. An operation that gives nothing gives `null`.
 * crm_operations.h has a function for each operation; crm_schema_json() describes them.
 *
 * Owner: the host keeps `operation` and `input`, and frees `output` with crm_buffer_free().
 * Lifetime: of `operation` and `input`, the call. Threads: any number at the same time in one session; it blocks until
 * the operation is done, so not on a thread that paints windows. Reads run side by side, writes one after the other.
 * NULL: `operation` and `output` must not be NULL; `input` may be NULL with length 0, for an input without members.
 *
 * # Safety
 * `operation` and `input` point at as many bytes as their lengths say or are NULL; `output` is NULL or may be written to.
 * What lies there is overwritten, not freed.
 */
CRM_API
int32_t crm_call(crm_session_t session,
                 const char *operation,
                 size_t operation_length,
                 const char *input,
                 size_t input_length,
                 struct crm_buffer *output);

/**
 * As crm_call(), for an operation that may take long, such as an import: `progress` is told how far it is and can stop it.
 *
 * Owner: as for crm_call(); `user_data` stays the host's and is only passed on. Lifetime: as for crm_call(); `user_data`, the call.
 * Threads: as for crm_call(); `progress` is called on the thread of the call.
 * NULL: as for crm_call(); `progress` may be NULL, and `user_data` may be whatever `progress` expects.
 *
 * # Safety
 * As for crm_call(); `progress` is NULL or a function of that type, which may be called with `user_data` on this thread.
 */
CRM_API
int32_t crm_call_with_progress(crm_session_t session,
                               const char *operation,
                               size_t operation_length,
                               const char *input,
                               size_t input_length,
                               crm_progress progress,
                               void *user_data,
                               struct crm_buffer *output);

/**
 * Opens a stream of what is committed from now on through this database handle. What other processes write is not in it;
 * the operation `journal.feed` reads everything since a sequence.
 *
 * Owner: the host closes `*events` with crm_events_close(), or leaves that to crm_close() of its database; it frees `error` with
 * crm_buffer_free(). Lifetime: of the handle, until one of the two closes. Threads: any.
 * NULL: `events` must not be NULL; `error` may be. On failure `*events` is 0.
 *
 * # Safety
 * `events` and `error` are NULL or may be written to. What lies there is overwritten, not freed.
 */
CRM_API
int32_t crm_events_open(crm_db_t database,
                        crm_events_t *events,
                        struct crm_buffer *error);

/**
 * Waits for commits and gives the sequences of their journal entries: {"first": 17, "last": 19}, both inclusive. Commits
 * that follow each other come as one; read them with the operation `journal.feed`.
 *
 * Gives CRM_STATUS_TIMEOUT, and an empty buffer, when nothing was committed within `timeout_ms` milliseconds: 0 asks without
 * waiting, CRM_FOREVER waits without end. Gives CRM_STATUS_CLOSED when the stream was closed, also while it waits.
 *
 * Owner: the host frees `output`, which has the sequences or the error, with crm_buffer_free().
 * Threads: any; when several wait on one stream, each commit reaches one of them.
 * NULL: `output` must not be NULL; CRM_STATUS_INVALID otherwise.
 *
 * # Safety
 * `output` is NULL or may be written to. What lies there is overwritten, not freed.
 */
CRM_API
int32_t crm_events_next(crm_events_t events,
                        uint32_t timeout_ms,
                        struct crm_buffer *output);

/**
 * Closes a stream and wakes whoever waits on it.
 *
 * Owner: takes the handle back. Threads: any. NULL: the handle 0 is none and gives CRM_STATUS_OK; `error` may be NULL.
 * A second close, or one after crm_close() of the database, changes nothing and gives CRM_STATUS_CLOSED.
 *
 * # Safety
 * `error` is NULL or may be written to. What lies there is overwritten, not freed.
 */
CRM_API
int32_t crm_events_close(crm_events_t events,
                         struct crm_buffer *error);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* CRM_H */
