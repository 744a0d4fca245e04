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
    std::string_view full_url;  ///< of its Bundle entry; empty: none
};

/// Every resource of a call: the drafts, then the prefetch in the order of its members. Members
/// that are Bundles, lists, wrapped or bare resources are looked into as the record's reader does.
std::vector<Resource> resources_of(Request const& request);

/// Those of a prefetch alone.
std::vector<Resource> resources_in(base::json::Value prefetch);

/// The places of resources by the node that rows keep.
using Places = std::map<base::json::Node const*, std::string_view>;
Places places_of(std::vector<Resource> const& resources);

}  // namespace cds::hooks
