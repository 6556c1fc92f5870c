// Package crm is the CRM engine inside a Go program: a database, sessions on it, and operations with JSON in and out.
//
// Everything here may be used by any number of goroutines at the same time. A call blocks its goroutine until the
// operation is done.
package crm

/*
#include <stdlib.h>
#include <crm.h>
*/
import "C"

import (
	"encoding/json"
	"fmt"
	"unsafe"
)

// Options say how a database is opened. What is left out has its default.
type Options struct {
	// Path is the database file, made when it is not there. Empty: a database in memory.
	Path string `json:"path,omitempty"`
	// Country whose spelling of phone numbers is assumed, such as "DE".
	Country string `json:"country,omitempty"`
	// Zone in which "today" is meant, such as "Europe/Berlin".
	Zone string `json:"zone,omitempty"`
	// Clock stands still at this time (RFC 3339). For tests; a real host leaves it out.
	Clock string `json:"clock,omitempty"`
	// Key wraps the keys of data subjects: 64 hexadecimal digits. Empty: a key file beside the database.
	Key string `json:"key,omitempty"`
}

// Database is an open database.
type Database struct{ handle C.crm_db_t }

// Open opens a database file, or makes it.
func Open(options Options) (*Database, error) {
	if linked := C.crm_abi_version(); linked != C.CRM_ABI_VERSION {
		return nil, fmt.Errorf("crm: the library has ABI version %d, the header %d", linked, C.CRM_ABI_VERSION)
	}
	text, err := json.Marshal(options)
	if err != nil {
		return nil, err
	}
	pointer, length := bytesOf(text)
	database := new(Database)
	var failure C.crm_buffer
	if status := C.crm_open(pointer, length, &database.handle, &failure); status != C.CRM_STATUS_OK {
		return nil, errorOf(status, &failure)
	}
	return database, nil
}

// Close closes the database with its sessions. Calls that run are waited for; later ones fail.
func (database *Database) Close() error {
	var failure C.crm_buffer
	return errorOf(C.crm_close(database.handle, &failure), &failure)
}

// Interrupt stops what runs on the database now. It fails with the kind "interrupted", and nothing of it is stored.
func (database *Database) Interrupt() error {
	var failure C.crm_buffer
	return errorOf(C.crm_interrupt(database.handle, &failure), &failure)
}

// Session begins a session: who acts ("user:" and an identifier, or "" for the system) and for which purpose ("" for
// "customer_relationship_management").
func (database *Database) Session(actor, purpose string) (*Session, error) {
	text, err := json.Marshal(struct {
		Actor   string `json:"actor,omitempty"`
		Purpose string `json:"purpose,omitempty"`
	}{actor, purpose})
	if err != nil {
		return nil, err
	}
	pointer, length := bytesOf(text)
	session := new(Session)
	var failure C.crm_buffer
	if status := C.crm_session_open(database.handle, pointer, length, &session.handle, &failure); status != C.CRM_STATUS_OK {
		return nil, errorOf(status, &failure)
	}
	return session, nil
}

// The bytes of a text for the length of a call.
func bytesOf(text []byte) (*C.char, C.size_t) {
	return (*C.char)(unsafe.Pointer(unsafe.SliceData(text))), C.size_t(len(text))
}

// Takes the bytes out of a buffer and frees it.
func take(buffer *C.crm_buffer) []byte {
	defer C.crm_buffer_free(buffer)
	return C.GoBytes(unsafe.Pointer(buffer.data), C.int(buffer.length))
}
