#pragma once
#include "rules/scene.hpp"

namespace cds::rules {

/// What the record says about tuberculosis screening (catalogue `ifx-tb-screen-missing`,
/// fact-encodings section 5).
struct TbScreen {
    std::vector<Reading> valid;  ///< positive or negative results, newest first
    ResultRow const* newest_invalid =
        nullptr;  ///< an indeterminate result newer than every valid one
    std::vector<ConditionRow const*> latent;  ///< active latent-TB conditions: screened, positive
    ConditionRow const* treated_condition = nullptr;  ///< screened and treated
    ProcedureRow const* treated_procedure = nullptr;
    bool treated() const { return treated_condition || treated_procedure; }
};

TbScreen tb_screen(Scene& scene);

}  // namespace cds::rules
