#include "cards/json_object.hpp"

namespace cds::cards {

using base::json::Kind;
using base::json::Value;

namespace {

bool copy_object(Value object, std::string& out) {
    auto const start = out.size();
    out += '{';
    for (auto const member : object) {
        auto const before = out.size();
        if (before != start + 1) out += ',';
        base::json::write_string(member.key(), out);
        out += ':';
        if (!copy(member, out)) out.resize(before);
    }
    if (out.size() == start + 1) {
        out.resize(start);
        return false;
    }
    out += '}';
    return true;
}

bool copy_array(Value array, std::string& out) {
    auto const start = out.size();
    bool says_something = false;
    out += '[';
    for (auto const element : array) {
        auto const before = out.size();
        if (before != start + 1) out += ',';
        if (element.is_null()) {
            out += "null";
        } else if (copy(element, out)) {
            says_something = true;
        } else {
            out.resize(before);
        }
    }
    out += ']';
    if (!says_something) out.resize(start);
    return says_something;
}

}  // namespace

// Recursion is as deep as the value, which the parser has limited.
bool copy(Value value, std::string& out) {
    switch (value.kind()) {
        case Kind::missing:
        case Kind::null:
            return false;
        case Kind::object:
            return copy_object(value, out);
        case Kind::array:
            return copy_array(value, out);
        case Kind::string:
            if (value.string().empty()) return false;
            break;
        case Kind::number:
        case Kind::boolean:
            break;
    }
    base::json::write(value, out);
    return true;
}

std::string& JsonObject::member(std::string_view name) {
    out_ += out_.size() == start_ + 1 ? "\"" : ",\"";
    out_ += name;
    out_ += "\":";
    return out_;
}

void JsonObject::text(std::string_view name, std::string_view value) {
    if (!value.empty()) base::json::write_string(value, member(name));
}

void JsonObject::copy_of(Value value) {
    auto const before = out_.size();
    if (before != start_ + 1) out_ += ',';
    base::json::write_string(value.key(), out_);
    out_ += ':';
    if (!copy(value, out_)) out_.resize(before);
}

void JsonObject::reference(std::string_view name, std::string_view type, std::string_view id) {
    if (id.empty()) return;
    std::string target{type};
    target += '/';
    target += id;
    member(name) += R"({"reference":)";
    base::json::write_string(target, out_);
    out_ += '}';
}

bool JsonObject::close(std::size_t before) {
    if (out_.size() == start_ + 1) {
        out_.resize(before);
        return false;
    }
    out_ += '}';
    return true;
}

}  // namespace cds::cards
