#pragma once
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "rules/knowledge.hpp"
#include "server/reply.hpp"

namespace cds::server {

/// GET /rules.json: made when it is first asked for, by whichever thread, and then kept.
class RulesPage {
public:
    explicit RulesPage(std::shared_ptr<rules::Knowledge const> knowledge)
        : knowledge_{std::move(knowledge)} {}

    /// Plain, or compressed when the client takes gzip.
    void answer(std::string_view accept_encoding, Reply& reply) const;

private:
    std::shared_ptr<rules::Knowledge const> knowledge_;
    mutable std::once_flag made_;
    mutable std::string plain_, gzipped_;
};

}  // namespace cds::server
