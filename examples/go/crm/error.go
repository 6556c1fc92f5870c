package crm

// #include <crm.h>
import "C"

import (
	"encoding/json"
	"fmt"
)

// Error is why an operation failed. Nothing personal is in it, so that it may be logged.
type Error struct {
	// Code is stable and dotted, such as "field.duplicate".
	Code string `json:"code"`
	// Kind is what sort of failure it is: "invalid", "not_found", "conflict", "rule", …
	Kind string `json:"kind"`
	// Status is the number of the kind.
	Status int `json:"status"`
	// Path names the field, row or position that the error is about; empty when it is about none.
	Path string `json:"path"`
	// Reason says it in words.
	Reason string `json:"reason"`
	// Details are for programs, such as the fields that are missing.
	Details json.RawMessage `json:"details"`
}

func (failure *Error) Error() string {
	if failure.Path == "" {
		return fmt.Sprintf("%s: %s", failure.Code, failure.Reason)
	}
	return fmt.Sprintf("%s: %s: %s", failure.Code, failure.Path, failure.Reason)
}

// Makes an error of a status and frees its buffer. Success is nil.
func errorOf(status C.int32_t, buffer *C.crm_buffer) error {
	text := take(buffer)
	if status == C.CRM_STATUS_OK {
		return nil
	}
	failure := &Error{Status: int(status)}
	if err := json.Unmarshal(text, failure); err != nil {
		return fmt.Errorf("crm: status %d without a reason: %w", status, err)
	}
	return failure
}
