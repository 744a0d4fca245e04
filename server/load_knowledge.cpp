#include <fstream>
#include <iterator>

#include "hooks/examples.hpp"
#include "server/live.hpp"

namespace cds::server {
namespace {

constexpr std::size_t largest_policy = 1 << 20;

base::Error named(base::Error error, std::string const& source) {
    error.where = error.where.empty() ? source : source + ", " + error.where;
    return error;
}

base::Result<std::shared_ptr<rules::Knowledge const>> apply_policy(std::string const& path,
                                                                   base::Pack const& pack,
                                                                   rules::Knowledge const& plain) {
    auto const source = "policy " + path;
    std::ifstream file{path, std::ios::binary};
    std::string const json{std::istreambuf_iterator<char>{file}, {}};
    if (!file || json.empty())
        return base::Error{base::ErrorCode::not_found, source,
                           "the file cannot be read, or it is empty"};
    if (json.size() > largest_policy)
        return base::Error{base::ErrorCode::too_large, source, "the file is larger than 1 MiB"};
    auto policy = rules::Policy::read(json, plain);
    if (!policy) return named(policy.error(), source);
    auto effective = rules::Knowledge::with_policy(plain, pack, *std::move(policy));
    if (!effective) return named(effective.error(), source + " with the knowledge");
    return effective;
}

}  // namespace

base::Result<std::shared_ptr<rules::Knowledge const>> load_knowledge(Settings const& settings) {
    bool const built_in = settings.knowledge.empty();
    auto const source =
        built_in ? std::string{"built-in knowledge"} : "knowledge folder " + settings.knowledge;
    base::Pack pack;
    if (built_in) {
        pack = rules::embedded_pack();
    } else {
        auto read = base::Pack::from_folder(settings.knowledge);
        if (!read) return named(read.error(), source);
        pack = *std::move(read);
    }
    auto plain = rules::Knowledge::load(pack);
    if (!plain) return named(plain.error(), source);
    // The examples of the built-in knowledge are run by the build's tests.
    if (!built_in) {
        auto const examples = hooks::check_examples(pack, **plain);
        if (!examples) return named(examples.error(), source);
    }
    if (settings.policy.empty()) return plain;
    return apply_policy(settings.policy, pack, **plain);
}

}  // namespace cds::server
