#pragma once
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "hooks/request.hpp"

namespace cds::hooks {

/// One FHIR resource of a call and its place, "/prefetch/conditions/entry/3/resource".
struct Resource {
    base::json::Value value;
    std::string at;
};

/// Every resource of a call: the drafts, then the prefetch in the order of its members. Members
/// that are Bundles, lists, wrapped or bare resources are looked into as the record's reader does.
std::vector<Resource> resources_of(Request const& request);

/// The places of resources by the node that rows keep.
using Places = std::map<base::json::Node const*, std::string_view>;
Places places_of(std::vector<Resource> const& resources);

}  // namespace cds::hooks
