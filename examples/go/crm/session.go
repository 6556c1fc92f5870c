package crm

// #include <crm.h>
import "C"

import (
	"encoding/json"
	"unsafe"
)

// Session is somebody at work with a database for a purpose. It costs next to nothing.
type Session struct{ handle C.crm_session_t }

// Object is the input of an operation where a struct would say no more.
type Object = map[string]any

// Call runs an operation such as "person.create". The input is whatever marshals to a JSON object, or nil; the result is
// stored in what output points at, unless that is nil. A failure of the operation is an *Error.
func (session *Session) Call(operation string, input, output any) error {
	var text []byte
	if input != nil {
		var err error
		if text, err = json.Marshal(input); err != nil {
			return err
		}
	}
	result, err := session.run(operation, text)
	if err != nil || output == nil {
		return err
	}
	return json.Unmarshal(result, output)
}

// Get runs an operation and gives its result as a T, which json.RawMessage can be, too.
func Get[T any](session *Session, operation string, input any) (result T, err error) {
	err = session.Call(operation, input, &result)
	return result, err
}

// Close ends the session. Closing its database does so, too.
func (session *Session) Close() error {
	var failure C.crm_buffer
	return errorOf(C.crm_session_close(session.handle, &failure), &failure)
}

func (session *Session) run(operation string, input []byte) (json.RawMessage, error) {
	name := (*C.char)(unsafe.Pointer(unsafe.StringData(operation)))
	pointer, length := bytesOf(input)
	var output C.crm_buffer
	status := C.crm_call(session.handle, name, C.size_t(len(operation)), pointer, length, &output)
	if status != C.CRM_STATUS_OK {
		return nil, errorOf(status, &output)
	}
	return take(&output), nil
}
