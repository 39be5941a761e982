import Foundation

/// Root and minimum of a function of one variable (Brent, Algorithms for Minimization without Derivatives,
/// 1973).
package enum BrentMethod {
    /// A root inside `bracket`, whose ends must give opposite signs.
    ///
    /// - Parameter tolerance: half the width of the interval that still holds the root.
    /// - Returns: nil where the signs at the ends are equal or a value is not a number.
    package static func root(
        in bracket: ClosedRange<Double>, tolerance: Double = 1e-12, of f: (Double) throws -> Double
    ) rethrows -> Double? {
        var (a, b) = (bracket.lowerBound, bracket.upperBound)
        var (fa, fb) = (try f(a), try f(b))
        if fa == 0 { return a }
        if fb == 0 { return b }
        guard (fa < 0) != (fb < 0), !fa.isNaN, !fb.isNaN else { return nil }
        var (c, fc) = (a, fa)
        var step = b - a
        var previousStep = step
        for _ in 0..<200 {
            if abs(fc) < abs(fb) { (a, b, c, fa, fb, fc) = (b, c, b, fb, fc, fb) }
            let width = 2 * Double.ulpOfOne * abs(b) + tolerance / 2
            let middle = (c - b) / 2
            if abs(middle) <= width || fb == 0 { return b }
            if abs(previousStep) < width || abs(fa) <= abs(fb) {
                (step, previousStep) = (middle, middle)
            } else {
                let s = fb / fa
                var (p, q): (Double, Double)
                if a == c {
                    (p, q) = (2 * middle * s, 1 - s)
                } else {
                    let (u, r) = (fa / fc, fb / fc)
                    p = s * (2 * middle * u * (u - r) - (b - a) * (r - 1))
                    q = (u - 1) * (r - 1) * (s - 1)
                }
                if p > 0 { q = -q } else { p = -p }
                if 2 * p < min(3 * middle * q - abs(width * q), abs(previousStep * q)) {
                    (previousStep, step) = (step, p / q)
                } else {
                    (step, previousStep) = (middle, middle)
                }
            }
            (a, fa) = (b, fb)
            b += abs(step) > width ? step : (middle > 0 ? width : -width)
            fb = try f(b)
            if fb.isNaN { return nil }
            if (fb > 0) == (fc > 0) {
                (c, fc) = (a, fa)
                step = b - a
                previousStep = step
            }
        }
        return b
    }

    /// A local minimum inside `interval`, by golden section and parabolas.
    ///
    /// - Parameter tolerance: relative; below 1e-8 nothing is gained, because f is flat there.
    package static func minimum(
        in interval: ClosedRange<Double>, tolerance: Double = 1e-8, of f: (Double) throws -> Double
    ) rethrows -> (position: Double, value: Double) {
        let golden = (3 - 5.0.squareRoot()) / 2
        var (a, b) = (interval.lowerBound, interval.upperBound)
        var x = a + golden * (b - a)
        var (w, v) = (x, x)
        var fx = try f(x)
        var (fw, fv) = (fx, fx)
        var (step, beforeLast) = (0.0, 0.0)
        for _ in 0..<200 {
            let middle = (a + b) / 2
            let width = tolerance * abs(x) + 1e-14
            if abs(x - middle) <= 2 * width - (b - a) / 2 { break }
            var useGolden = true
            if abs(beforeLast) > width {
                let r = (x - w) * (fx - fv)
                var q = (x - v) * (fx - fw)
                var p = (x - v) * q - (x - w) * r
                q = 2 * (q - r)
                if q > 0 { p = -p } else { q = -q }
                if abs(p) < abs(q * beforeLast / 2), p > q * (a - x), p < q * (b - x) {
                    (beforeLast, step) = (step, p / q)
                    let u = x + step
                    if u - a < 2 * width || b - u < 2 * width { step = x < middle ? width : -width }
                    useGolden = false
                }
            }
            if useGolden {
                beforeLast = x < middle ? b - x : a - x
                step = golden * beforeLast
            }
            let u = x + (abs(step) >= width ? step : (step > 0 ? width : -width))
            let fu = try f(u)
            if fu <= fx {
                if u < x { b = x } else { a = x }
                (v, fv, w, fw, x, fx) = (w, fw, x, fx, u, fu)
            } else {
                if u < x { a = u } else { b = u }
                if fu <= fw || w == x {
                    (v, fv, w, fw) = (w, fw, u, fu)
                } else if fu <= fv || v == x || v == w {
                    (v, fv) = (u, fu)
                }
            }
        }
        return (x, fx)
    }
}
