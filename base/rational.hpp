#pragma once
#include <compare>
#include <optional>
#include <string>
#include <string_view>

namespace cds::base {

/// An exact number: laboratory values, doses and their ratios, so that 25.0 % is 25.0 % and 2.05
/// rounds up. Arithmetic that would not fit (beyond 128 bits after reduction, or division by zero)
/// gives an invalid number; an invalid number compares unordered with everything, so no threshold
/// is ever met by it.
class Rational {
public:
    constexpr Rational() = default;
    constexpr Rational(long long whole)
        : numerator_{whole} {}  // NOLINT(google-explicit-constructor)
    /// `numerator / denominator`; invalid when the denominator is 0.
    static Rational ratio(long long numerator, long long denominator);
    /// Decimal text as JSON writes it ("5", "-0.25", "1.5E2"); none when not a number, beyond 18
    /// significant digits, or beyond 10^±18. Trailing zeros are not significant: "2.50" has two
    /// digits.
    static std::optional<Rational> parse(std::string_view decimal);

    bool valid() const noexcept { return denominator_ != 0; }
    Rational operator+(Rational const&) const;
    Rational operator-(Rational const&) const;
    Rational operator*(Rational const&) const;
    Rational operator/(Rational const&) const;
    std::partial_ordering operator<=>(Rational const&) const;
    bool operator==(Rational const& other) const { return (*this <=> other) == 0; }

    /// Half away from zero ("half up" for the positive numbers of medicine) to `decimals` places.
    Rational rounded(int decimals) const;
    /// Largest multiple of `step` not above this number / smallest not below. Invalid unless `step`
    /// is positive.
    Rational floor_to(Rational const& step) const;
    Rational ceil_to(Rational const& step) const;
    /// Decimal text with at most `max_decimals` places (rounded), trailing zeros dropped: "2.1",
    /// "80". Empty for an invalid number.
    std::string text(int max_decimals) const;
    /// Nearest double, for logs and charts only; NaN for an invalid number.
    double approximate() const noexcept;

private:
    __extension__ typedef __int128 Wide;
    Rational(Wide numerator, Wide denominator) : numerator_{numerator}, denominator_{denominator} {}
    static Rational make(Wide numerator, Wide denominator);
    static constexpr Rational invalid_number() {
        Rational r;
        r.denominator_ = 0;
        return r;
    }
    Wide numerator_ = 0;
    Wide denominator_ = 1;  ///< > 0; 0 marks an invalid number
};

}  // namespace cds::base
