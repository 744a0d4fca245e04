#include "rules/template.hpp"

#include <algorithm>
#include <optional>

#include "base/text.hpp"
#include "rules/json_text.hpp"

namespace cds::rules {
namespace {

constexpr std::size_t max_depth = 8;
constexpr std::string_view open_mark = "{{";
constexpr std::string_view close_mark = "}}";

bool is_name(std::string_view text) {
    if (text.empty()) return false;
    return std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '_' || c == '-';
    });
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    return text;
}

}  // namespace

/// Recursive descent over `source`; the nesting is limited, so the stack is too.
struct TemplateParser {
    using Part = Template::Part;

    std::string_view source;
    std::size_t at = 0;
    std::optional<base::Error> error;

    void fail(std::string what) {
        if (!error) {
            error = base::Error{base::ErrorCode::invalid, "character " + std::to_string(at),
                                std::move(what)};
        }
        at = source.size();
    }

    static Part part(Part::Type type, std::string_view text) {
        return {type, std::string{text}, {}};
    }

    /// Parts up to the end, or up to and with the closing tag of `section`.
    std::vector<Part> parts(std::string_view section, std::size_t depth) {
        std::vector<Part> found;
        while (!error) {
            auto const open = source.find(open_mark, at);
            auto const literal = source.substr(at, open - at);
            if (literal.find(close_mark) != literal.npos) fail("'}}' without '{{'");
            if (!literal.empty()) found.push_back(part(Part::Type::literal, literal));
            if (open == source.npos) {
                if (!section.empty()) fail("section '" + std::string{section} + "' is not closed");
                break;
            }
            at = open;
            auto const close = source.find(close_mark, open);
            if (close == source.npos) {
                fail("'{{' without '}}'");
                break;
            }
            auto const tag = trimmed(source.substr(open + 2, close - open - 2));
            if (tag.starts_with('/')) {
                if (section.empty() || trimmed(tag.substr(1)) != section)
                    fail("closing tag '" + std::string{tag} + "' closes nothing that is open");
                at = close + 2;
                break;
            }
            take(tag, close + 2, depth, found);
        }
        return found;
    }

    void take(std::string_view tag, std::size_t after, std::size_t depth,
              std::vector<Part>& found) {
        auto const sign = tag.empty() ? ' ' : tag.front();
        bool const section = sign == '#' || sign == '^';
        auto const name = section ? trimmed(tag.substr(1)) : tag;
        if (!is_name(name)) {
            return fail("'" + std::string{tag} +
                        "' is no name; sections and plain names are all that a text may use");
        }
        at = after;
        if (!section) {
            found.push_back(part(Part::Type::variable, name));
            return;
        }
        if (depth == max_depth) return fail("sections are nested too deeply");
        auto opened = part(sign == '#' ? Part::Type::section : Part::Type::inverted, name);
        opened.children = parts(name, depth + 1);
        found.push_back(std::move(opened));
    }
};

/// Walks the parts; the frames of open lists live on the stack.
struct TemplateRenderer {
    using Part = Template::Part;

    struct Frame {
        Facts const* facts;
        Frame const* outer;
        bool first, last;
    };

    Template::Mode mode;
    std::string& out;

    static Facts::Entry const* find(Frame const& frame, std::string_view name) {
        for (auto const* here = &frame; here != nullptr; here = here->outer) {
            if (auto const* entry = here->facts->find(name)) return entry;
        }
        return nullptr;
    }

    /// Inside a list `first` and `last` say where the item stands, so that words can be put between
    /// items.
    static std::optional<bool> position(Frame const& frame, std::string_view name) {
        if (frame.outer == nullptr) return std::nullopt;
        if (name == "first") return frame.first;
        if (name == "last") return frame.last;
        return std::nullopt;
    }

    static bool holds(Facts::Entry const* entry) {
        if (entry == nullptr) return false;
        switch (entry->type) {
            case Facts::Type::text:
            case Facts::Type::chart_text:
                return !entry->text.empty();
            case Facts::Type::flag:
                return entry->flag;
            case Facts::Type::list:
                return entry->list != nullptr && !entry->list->empty();
        }
        return false;
    }

    void variable(Facts::Entry const* entry) {
        if (entry == nullptr) return;
        if (entry->type == Facts::Type::text) {
            out += entry->text;
        } else if (entry->type == Facts::Type::chart_text) {
            if (mode == Template::Mode::markdown) {
                base::append_inert(entry->text, out);
            } else {
                base::append_plain(entry->text, out);
            }
        }
    }

    void section(Part const& part, Frame const& frame) {
        if (auto const known = position(frame, part.text)) {
            if (*known) parts(part.children, frame);
            return;
        }
        auto const* entry = find(frame, part.text);
        if (!holds(entry)) return;
        if (entry->type != Facts::Type::list) return parts(part.children, frame);
        auto const& list = *entry->list;
        for (std::size_t i = 0; i < list.size(); ++i)
            parts(part.children, {&list[i], &frame, i == 0, i + 1 == list.size()});
    }

    bool inverted_holds(Part const& part, Frame const& frame) {
        if (auto const known = position(frame, part.text)) return !*known;
        return !holds(find(frame, part.text));
    }

    void parts(std::vector<Part> const& all, Frame const& frame) {
        for (auto const& part : all) {
            switch (part.type) {
                case Part::Type::literal:
                    out += part.text;
                    break;
                case Part::Type::variable:
                    variable(find(frame, part.text));
                    break;
                case Part::Type::section:
                    section(part, frame);
                    break;
                case Part::Type::inverted:
                    if (inverted_holds(part, frame)) parts(part.children, frame);
                    break;
            }
        }
    }

    static void names(std::vector<Part> const& all, std::vector<std::string>& found) {
        for (auto const& part : all) {
            if (part.type != Part::Type::literal) found.push_back(part.text);
            names(part.children, found);
        }
    }
};

base::Result<Template> Template::parse(std::string_view text) {
    TemplateParser parser{text, 0, {}};
    Template parsed;
    parsed.parts_ = parser.parts({}, 0);
    if (parser.error) return *std::move(parser.error);
    parsed.source_ = text;
    bool const is_fixed =
        std::all_of(parsed.parts_.begin(), parsed.parts_.end(),
                    [](Part const& part) { return part.type == Part::Type::literal; });
    if (is_fixed) append_json_items(text, parsed.fixed_items_);
    return parsed;
}

void Template::render(Facts const& facts, Mode mode, std::string& out) const {
    TemplateRenderer{mode, out}.parts(parts_, {&facts, nullptr, true, true});
}

std::vector<std::string> Template::names() const {
    std::vector<std::string> found;
    TemplateRenderer::names(parts_, found);
    std::sort(found.begin(), found.end());
    found.erase(std::unique(found.begin(), found.end()), found.end());
    return found;
}

}  // namespace cds::rules
