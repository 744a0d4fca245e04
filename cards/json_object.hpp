#pragma once
#include <cstddef>
#include <string>
#include <string_view>

#include "base/json.hpp"

namespace cds::cards {

/// Appends a JSON value without members that say nothing: null, "", [] and {} are dropped wherever
/// CDS Hooks and FHIR JSON forbid them. A null in an array stays: FHIR aligns primitives and their
/// extensions by it. Member order and number text are kept. Returns whether anything was written.
bool copy(base::json::Value value, std::string& out);

/// One JSON object that is written straight into a string. Members come in the order of the calls.
class JsonObject {
public:
    explicit JsonObject(std::string& out) : out_{out}, start_{out.size()} { out_ += '{'; }

    /// Writes a name of ours, which needs no escapes; the caller appends the value.
    std::string& member(std::string_view name);
    /// A string member; left out when the value is empty.
    void text(std::string_view name, std::string_view value);
    /// A member of another object as it stands; left out when it says nothing.
    void copy_of(base::json::Value value);
    /// `"name":{"reference":"Type/id"}`; left out when the id is empty.
    void reference(std::string_view name, std::string_view type, std::string_view id);

    /// Ends the object. One without members is taken back, with all that was written since
    /// `before`.
    bool close(std::size_t before);
    bool close() { return close(start_); }

private:
    std::string& out_;
    std::size_t start_;
};

}  // namespace cds::cards
