//! `crm_operations.h`: a documented inline function for every operation.

use crate::files::MARK;
use crate::model::{Api, Area, Input, Operation, Type};
use crate::names::comment;

/// The header.
pub fn write(api: &Api) -> String {
    let mut out = format!("/* {MARK} */\n\n");
    out.push_str(
        "/**\n * @file\n * Every operation of the engine as a function of its name, over `crm_call` of crm.h. The input is the text of\n \
         * a JSON object (pointer and length; NULL and 0 for none), the output is JSON in a buffer that the caller frees with\n \
         * `crm_buffer_free`. Each function returns 0, or the status of the error that is in the buffer.\n */\n\n\
         #ifndef CRM_OPERATIONS_H\n#define CRM_OPERATIONS_H\n\n#include \"crm.h\"\n\n#ifdef __cplusplus\nextern \"C\" {\n#endif\n",
    );
    for area in &api.areas {
        out.push_str(&format!("\n/* {}: {} */\n", area.name, area.documentation));
        for operation in &area.operations {
            out.push_str(&function(area, operation));
        }
    }
    out.push_str("\n#ifdef __cplusplus\n}\n#endif\n\n#endif /* CRM_OPERATIONS_H */\n");
    out
}

fn function(area: &Area, operation: &Operation) -> String {
    let mut documentation = operation.documentation.clone();
    documentation.push_str("\n\n");
    match &operation.input {
        Input::Record(_) => documentation.push_str(&format!("Input: the {} as an object.\n", area.prefix)),
        Input::Members(members) if members.is_empty() => documentation.push_str("Input: none.\n"),
        Input::Members(members) => {
            documentation.push_str("Input:\n");
            for member in members {
                let need = if member.required { "" } else { ", optional" };
                documentation.push_str(&format!(
                    "- `{}` ({}{need}): {}\n",
                    member.name,
                    member.kind.in_words(),
                    member.explained().replace('\n', " ")
                ));
            }
        }
    }
    let output = operation.output.as_ref().map_or_else(|| "null".to_owned(), Type::in_words);
    documentation.push_str(&format!("Output: {output}.\n"));
    if !operation.errors.is_empty() {
        documentation.push_str(&format!("Errors: {}.\n", operation.errors.join(", ")));
    }
    // A pattern such as `field.*, …` must not end the comment.
    let documentation = documentation.replace("*/", "* /");
    format!(
        "\n/**\n{}\
         \x20*/\n\
         static inline int32_t crm_{}(crm_session_t session, const char *input, size_t input_length, crm_buffer *output) {{\n\
         \x20   return crm_call(session, \"{}\", sizeof(\"{}\") - 1, input, input_length, output);\n\
         }}\n",
        comment(documentation.trim_end(), "", " *"),
        operation.name.replace('.', "_"),
        operation.name,
        operation.name,
    )
}
