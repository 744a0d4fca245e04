#include "fhir/element.hpp"

#include "base/text.hpp"

namespace cds::fhir {

std::string_view reference_id(std::string_view reference) {
    // Hundreds of references a chart, hardly one with a version: one byte is soon looked for.
    if (reference.find('_') != std::string_view::npos)
        reference = reference.substr(0, reference.find("/_history/"));
    while (!reference.empty() && reference.back() == '/') reference.remove_suffix(1);
    auto begin = reference.size();
    while (begin != 0 && reference[begin - 1] != '/' && reference[begin - 1] != ':' &&
           reference[begin - 1] != '#')
        --begin;
    return reference.substr(begin);
}

std::string_view reference_id(base::json::Value reference) {
    reference = reference.first();
    return reference_id(reference["reference"].string());
}

base::json::Value contained(base::json::Value resource, std::string_view id) {
    for (auto candidate : resource["contained"].each()) {
        if (candidate["id"].string() == id) return candidate;
    }
    return {};
}

bool belongs_to(base::json::Value resource, std::string_view patient_id) {
    auto owner = resource["subject"];
    if (!owner) owner = resource["patient"];
    auto const id = reference_id(owner);
    return id.empty() || id == patient_id;
}

bool has_unknown_modifier(base::json::Value resource) {
    return resource["implicitRules"] || resource["modifierExtension"].size() > 0;
}

std::string_view first_code(base::json::Value concept_or_code) {
    concept_or_code = concept_or_code.first();
    if (concept_or_code.is_string()) return concept_or_code.string();
    for (auto coding : concept_or_code["coding"].each()) {
        if (auto const code = coding["code"].string(); !code.empty()) return code;
    }
    if (auto const code = concept_or_code["code"].string(); !code.empty())
        return code;  // a bare Coding
    return {};
}

std::string_view concept_label(base::json::Value concept_value) {
    if (auto const text = concept_value["text"].string(); !text.empty()) return text;
    for (auto coding : concept_value["coding"].each()) {
        if (auto const display = coding["display"].string(); !display.empty()) return display;
    }
    return first_code(concept_value);
}

std::string_view concept_label(ReadContext const& context, base::json::Value concept_value) {
    auto label = concept_label(concept_value);
    auto const code = first_code(concept_value);
    if (label.empty() || label != code) return label;
    for_each_coding(concept_value, *context.terminology,
                    [&](System system, std::string_view value, std::string_view) {
                        auto const* meaning = context.terminology->find(system, value);
                        if (meaning && label == code && !meaning->display.empty())
                            label = meaning->display;
                    });
    return label;
}

void append_folded_words(base::json::Value concept_value, std::string& out) {
    auto const add = [&out](std::string_view words) {
        if (words.empty()) return;
        if (!out.empty()) out += " ; ";
        base::fold(words, out);
    };
    auto const text = concept_value["text"].string();
    add(text);
    for (auto coding : concept_value["coding"].each()) {
        auto const display = coding["display"].string();
        if (display != text) add(display);
    }
}

base::Date read_date(base::json::Value element, ReadContext const& context) {
    if (!element || element.is_null()) return {};
    return base::parse_date(element.string(), *context.zone);
}

std::string& folded_scratch() {
    thread_local std::string scratch;
    scratch.clear();
    return scratch;
}

}  // namespace cds::fhir
