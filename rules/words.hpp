#pragma once
#include <initializer_list>
#include <string>
#include <string_view>

#include "base/json.hpp"

namespace cds::rules {

/// Whether one of `phrases` stands in folded text, each between word boundaries; a phrase that ends
/// in `*` may go on within its last word ("deficien*" fits "deficiency").
bool says_any(std::string_view folded, std::initializer_list<std::string_view> phrases);

/// The text and every display of a CodeableConcept, folded, parts kept apart by " ; ".
void append_folded_concept(base::json::Value concept_value, std::string& out);

}  // namespace cds::rules
