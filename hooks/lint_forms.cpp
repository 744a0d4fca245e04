#include <algorithm>
#include <cctype>
#include <cstddef>

#include "base/date.hpp"
#include "hooks/feedback.hpp"
#include "hooks/lint_table.hpp"

namespace cds::hooks::lint {

using base::json::Value;

namespace {

bool is_url(std::string_view text) {
    for (std::string_view const scheme : {"https://", "http://"}) {
        if (!text.starts_with(scheme)) continue;
        text.remove_prefix(scheme.size());
        auto const host = text.substr(0, text.find_first_of("/?#"));
        return !host.empty() && text.find_first_of(" <>\"\\^`{|}") == std::string_view::npos;
    }
    return false;
}

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

/// "Type/id", as ord-1 means it; ids of large EHRs are longer than FHIR's 64 characters.
bool is_reference(std::string_view text) {
    auto const slash = text.find('/');
    if (slash == 0 || slash == std::string_view::npos || slash + 1 == text.size()) return false;
    auto const type = text.substr(0, slash), id = text.substr(slash + 1);
    return std::all_of(type.begin(), type.end(), is_word) &&
           std::all_of(id.begin(), id.end(),
                       [](char c) { return is_word(c) || c == '.' || c == '-'; });
}

bool is_element_name(std::string_view name) {
    return !name.empty() && name.size() <= 64 &&
           std::all_of(name.begin(), name.end(), [](char c) { return is_word(c) || c == '-'; });
}

/// "Type/" and any id.
bool is_target(std::string_view text) {
    auto const slash = text.find('/');
    return slash != 0 && slash != std::string_view::npos && slash + 1 < text.size() &&
           std::all_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(slash), is_word);
}

}  // namespace

bool is_absent(Value value) { return !value || value.is_null(); }

bool has_form(Value value, Form form) {
    switch (form) {
        case Form::text:
            return !value.string().empty();
        case Form::flag:
            return value.kind() == base::json::Kind::boolean;
        case Form::seconds:
            return value.kind() == base::json::Kind::number;
        case Form::object:
            return value.is_object();
        case Form::list:
            return value.is_array();
        case Form::uuid:
            return as_uuid(value.string()).has_value();
        case Form::url:
            return is_url(value.string());
        case Form::instant:
            return base::parse_date(value.string(), base::Zone{}).has_time();
        case Form::reference:
            return is_reference(value.string());
        case Form::target:
            return is_target(value.string());
    }
    return false;
}

std::string_view wanted(Form form) {
    switch (form) {
        case Form::text:
            return "This must be a string that is not empty.";
        case Form::flag:
            return "This must be true or false.";
        case Form::seconds:
            return "This must be a number.";
        case Form::object:
            return "This must be an object.";
        case Form::list:
            return "This must be an array.";
        case Form::uuid:
            return "This must be a uuid.";
        case Form::url:
            return "This must be an absolute URL with http or https.";
        case Form::instant:
            return "This must be an instant with date, time and zone.";
        case Form::reference:
        case Form::target:
            return "This must be a reference of the form Type/id.";
    }
    return {};
}

bool is_one_of(Value value, std::initializer_list<std::string_view> texts) {
    return value.is_string() &&
           std::find(texts.begin(), texts.end(), value.string()) != texts.end();
}

std::string below(std::string const& where, std::string_view member) {
    return where + '/' + (is_element_name(member) ? std::string{member} : "*");
}

std::string below(std::string const& where, std::size_t index) {
    return where + '/' + std::to_string(index);
}

void Complaints::add(Violation violation) {
    if (as_ == Dialect::strict && violation.severity == Severity::warning)
        violation.severity = Severity::error;
    violations_.push_back(std::move(violation));
}

}  // namespace cds::hooks::lint
