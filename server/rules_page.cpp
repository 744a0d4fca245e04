#include "server/rules_page.hpp"

#include "server/gzip.hpp"
#include "server/rules_document.hpp"

namespace cds::server {

void RulesPage::answer(std::string_view accept_encoding, Reply& reply) const {
    std::call_once(made_, [this] {
        plain_ = rules_json(*knowledge_);
        gzipped_ = gzipped(plain_);
    });
    reply.vary = "Origin, Accept-Encoding";
    bool const gzip = takes_gzip(accept_encoding);
    if (gzip) reply.fields += "\r\nContent-Encoding: gzip";
    reply.body = gzip ? gzipped_ : plain_;
}

}  // namespace cds::server
