// The headers are C++17, and what they declare is found by the linker.
#include "crm.h"
#include "crm_operations.h"

#include <cstdio>
#include <string>
#include <string_view>

namespace {

int32_t go_on(void *, const char *, size_t) { return 0; }

}  // namespace

int main() {
  crm_db_t database = 0;
  crm_session_t session = 0;
  crm_buffer output{};
  if (crm_open(nullptr, 0, &database, nullptr) != CRM_STATUS_OK) return 1;
  if (crm_session_open(database, nullptr, 0, &session, nullptr) != CRM_STATUS_OK) return 1;
  constexpr std::string_view input = R"({"name": "Acme GmbH"})";
  if (crm_organisation_create(session, input.data(), input.size(), &output) != CRM_STATUS_OK) return 1;
  crm_buffer_free(&output);
  constexpr std::string_view operation = "organisation.count";
  if (crm_call_with_progress(session, operation.data(), operation.size(), nullptr, 0, go_on, nullptr, &output) != 0) return 1;
  const std::string count(reinterpret_cast<const char *>(output.data), output.length);
  crm_buffer_free(&output);
  if (count != "1" || crm_close(database, nullptr) != CRM_STATUS_OK) return 1;
  std::puts("ok the_headers_are_cpp17\n1 passed");
}
