#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "rules/finding.hpp"

namespace cds::rules {

/// A mustache template parsed once: `{{name}}`, `{{#name}}…{{/name}}` (flag, list or non-empty
/// text),
/// `{{^name}}…{{/name}}`, and in a list item `{{.}}`-less named fields with fall-back to the outer
/// facts. Partials, lambdas, comments and delimiter changes are not part of it. Rendering writes
/// straight into the output.
class Template {
public:
    static base::Result<Template> parse(std::string_view text);
    /// Markdown: chart texts are escaped. Plain: they are cleaned only.
    enum class Mode { markdown, plain };
    void render(Facts const& facts, Mode mode, std::string& out) const;
    /// Its lines as list items, as the inside of a JSON string (rules/json_text.hpp), when they are
    /// the same for every patient; else empty.
    std::string_view fixed_items() const noexcept { return fixed_items_; }
    /// Every name used, for the check against a rule's `facts`.
    std::vector<std::string> names() const;
    std::string_view source() const noexcept { return source_; }

private:
    struct Part {
        enum class Type : unsigned char { literal, variable, section, inverted } type;
        std::string text;
        std::vector<Part> children;
    };
    std::string source_, fixed_items_;
    std::vector<Part> parts_;
    friend struct TemplateParser;
    friend struct TemplateRenderer;
};

}  // namespace cds::rules
