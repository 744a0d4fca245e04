#include <algorithm>

#include "rules/knowledge_load.hpp"

namespace cds::rules {

std::string Place::text() const {
    if (outer_ == nullptr) return std::string{name_};
    auto path = outer_->text();
    path += outer_->outer_ == nullptr ? "#/" : "/";
    path += name_.empty() ? std::to_string(index_) : std::string{name_};
    return path;
}

void KnowledgeLoader::fail(Place const& place, std::string what) {
    if (!error_) error_ = base::Error{base::ErrorCode::invalid, place.text(), std::move(what)};
}

base::json::Value KnowledgeLoader::parse(base::Pack::File const& file) {
    auto const root = document_.parse(file.bytes);
    if (root) return *root;
    fail(Place{file.name}.at(root.error().where), root.error().what);
    return {};
}

base::json::Value KnowledgeLoader::root_of(std::string_view name) {
    if (auto const* file = pack_.find(name)) return parse(*file);
    fail(Place{name}, "the file is missing");
    return {};
}

void KnowledgeLoader::members(Value value, Place const& place, Names known) {
    if (!value.is_object()) return fail(place, "an object is needed");
    for (auto const member : value) {
        if (std::find(known.begin(), known.end(), member.key()) == known.end())
            fail(place.at(member.key()), "no such member; remove it or correct its name");
    }
}

std::string KnowledgeLoader::text(Value object, std::string_view name, Place const& place) {
    auto const found = object[name].string();
    if (found.empty()) fail(place.at(name), "a text that is not empty is needed");
    return std::string{found};
}

std::string KnowledgeLoader::optional_text(Value object, std::string_view name,
                                           Place const& place) {
    return object[name] ? text(object, name, place) : std::string{};
}

base::json::Value KnowledgeLoader::list(Value object, std::string_view name, Place const& place) {
    auto const found = object[name];
    if (!found.is_array()) fail(place.at(name), "an array is needed");
    return found;
}

std::vector<std::string> KnowledgeLoader::texts(Value object, std::string_view name,
                                                Place const& place) {
    std::vector<std::string> found;
    auto const here = place.at(name);
    for (auto const value : list(object, name, place)) {
        auto item = std::string{value.string()};
        if (item.empty()) fail(here.at(found.size()), "a text that is not empty is needed");
        if (std::find(found.begin(), found.end(), item) != found.end())
            fail(here.at(found.size()), "'" + item + "' stands here twice");
        found.push_back(std::move(item));
    }
    return found;
}

}  // namespace cds::rules
