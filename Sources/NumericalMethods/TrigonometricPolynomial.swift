import CLAPACK
import Foundation

/// f(x) = a₀ + Σₖ₌₁ⁿ aₖ cos 2πkx + bₖ sin 2πkx, of period 1: what an intensity is along one fractional
/// coordinate.
package struct TrigonometricPolynomial: Sendable, Hashable {
    /// a₀ … aₙ.
    package var cosines: [Double]
    /// b₀ … bₙ; b₀ plays no part.
    package var sines: [Double]

    /// Arrays of equal count, at least one.
    package init(cosines: [Double], sines: [Double]) {
        precondition(cosines.count == sines.count && !cosines.isEmpty, "as many cosines as sines")
        self.cosines = cosines
        self.sines = sines
    }

    package var degree: Int { cosines.count - 1 }

    /// The polynomial through samples at 0, 1/N, 2/N, …: exact for degree ≤ (N − 1)/2, N odd or even.
    package init(samples: [Double]) {
        let count = samples.count
        precondition(count > 0, "no samples")
        let degree = (count - 1) / 2
        var a = [Double](repeating: 0, count: degree + 1)
        var b = a
        let circle = (0..<count).map { 2 * .pi * Double($0) / Double(count) }
        let (c, s) = (circle.map { cos($0) }, circle.map { sin($0) })
        for k in 0...degree {
            for (j, sample) in samples.enumerated() {
                let phase = (k * j) % count
                a[k] += sample * c[phase]
                b[k] += sample * s[phase]
            }
            let factor = (k == 0 ? 1 : 2) / Double(count)
            a[k] *= factor
            b[k] *= factor
        }
        self.init(cosines: a, sines: b)
    }

    package func value(at x: Double) -> Double {
        let (c, s) = (cos(2 * .pi * x), sin(2 * .pi * x))
        var (ck, sk, sum) = (1.0, 0.0, cosines[0])
        for k in 1..<max(cosines.count, 1) {
            (ck, sk) = (ck * c - sk * s, sk * c + ck * s)
            sum += cosines[k] * ck + sines[k] * sk
        }
        return sum
    }

    package var derivative: TrigonometricPolynomial {
        let factor = cosines.indices.map { 2 * .pi * Double($0) }
        return TrigonometricPolynomial(
            cosines: zip(factor, sines).map(*), sines: zip(factor, cosines).map { -$0 * $1 })
    }

    package static func + (f: TrigonometricPolynomial, g: TrigonometricPolynomial) -> TrigonometricPolynomial
    {
        func sum(_ a: [Double], _ b: [Double]) -> [Double] {
            (0..<max(a.count, b.count)).map { ($0 < a.count ? a[$0] : 0) + ($0 < b.count ? b[$0] : 0) }
        }
        return TrigonometricPolynomial(cosines: sum(f.cosines, g.cosines), sines: sum(f.sines, g.sines))
    }

    package static func * (f: TrigonometricPolynomial, g: TrigonometricPolynomial) -> TrigonometricPolynomial
    {
        let degree = f.degree + g.degree
        var a = [Double](repeating: 0, count: degree + 1)
        var b = a
        for i in 0...f.degree {
            let (p, q) = (f.cosines[i], i == 0 ? 0 : f.sines[i])
            for j in 0...g.degree {
                let (r, s) = (g.cosines[j], j == 0 ? 0 : g.sines[j])
                a[i + j] += (p * r - q * s) / 2
                b[i + j] += (p * s + q * r) / 2
                a[abs(i - j)] += (p * r + q * s) / 2
                if i != j { b[abs(i - j)] += (i > j ? q * r - p * s : p * s - q * r) / 2 }
            }
        }
        return TrigonometricPolynomial(cosines: a, sines: b)
    }

    package static func * (s: Double, f: TrigonometricPolynomial) -> TrigonometricPolynomial {
        TrigonometricPolynomial(cosines: f.cosines.map { s * $0 }, sines: f.sines.map { s * $0 })
    }

    /// Every real root in [0, 1), ascending; a double root stands once.
    ///
    /// With z = exp 2πix, zⁿ f is a polynomial of degree 2n in z, whose roots on the unit circle are the real
    /// roots of f (eigenvalues of the companion matrix, LAPACK zgeev); each is polished by Newton steps.
    /// - Parameter tolerance: how far |f| at a root of even order may stay from zero, as a share of Σ|coefficients|.
    /// - Throws: `notFinite`, or `shape` for the zero polynomial, of which every x is a root.
    package func realRoots(tolerance: Double = 1e-10) throws(LinearAlgebraError) -> [Double] {
        let scale = zip(cosines, sines).enumerated().reduce(0.0) {
            $0 + abs($1.element.0) + ($1.offset == 0 ? 0 : abs($1.element.1))
        }
        guard scale.isFinite else { throw .notFinite }
        guard scale > 0 else { throw .shape("the zero polynomial has no isolated roots") }
        // A leading coefficient below rounding would only add roots far from the circle.
        let top = (0...degree).last { hypot(cosines[$0], $0 == 0 ? 0 : sines[$0]) > 1e-14 * scale } ?? 0
        guard top > 0 else { return [] }
        let slope = derivative
        let curvature = slope.derivative
        var roots: [Double] = []
        for z in try companionEigenvalues(top: top) where abs(hypot(z.real, z.imag) - 1) < 1e-3 {
            let start = atan2(z.imag, z.real) / (2 * .pi)
            guard let x = polished(start, slope: slope, curvature: curvature, limit: tolerance * scale)
            else { continue }
            let wrapped = x - x.rounded(.down)
            roots.append(wrapped >= 1 ? 0 : wrapped)
        }
        roots.sort()
        var distinct: [Double] = []
        for x in roots where distinct.last.map({ x - $0 > 1e-7 }) ?? true { distinct.append(x) }
        if distinct.count > 1, let first = distinct.first, let last = distinct.last, first + 1 - last < 1e-7 {
            distinct.removeLast()
        }
        return distinct
    }

    /// Newton steps on f; where they find no zero, on f′ (a root of even order, or none at all).
    private func polished(
        _ start: Double, slope: TrigonometricPolynomial, curvature: TrigonometricPolynomial, limit: Double
    ) -> Double? {
        let reach = 0.05 / Double(degree)
        func newton(_ f: TrigonometricPolynomial, _ g: TrigonometricPolynomial) -> Double? {
            var x = start
            for _ in 0..<30 {
                let step = f.value(at: x) / g.value(at: x)
                guard step.isFinite else { break }
                x -= min(max(step, -reach), reach)
                if abs(x - start) > 2 * reach { return nil }
                if abs(step) < 1e-16 { break }
            }
            return x
        }
        if let x = newton(self, slope), abs(value(at: x)) <= limit { return x }
        if let x = newton(slope, curvature), abs(value(at: x)) <= limit { return x }
        return nil
    }

    private func companionEigenvalues(
        top n: Int
    ) throws(LinearAlgebraError) -> [LAPACKComplex] {
        // zⁿ f = Σⱼ cⱼ zʲ with c_{n±k} = (aₖ ∓ i bₖ)/2.
        let size = 2 * n
        var c = [LAPACKComplex](repeating: .init(), count: size + 1)
        c[n] = .init(real: cosines[0], imag: 0)
        for k in 1...n {
            c[n + k] = .init(real: cosines[k] / 2, imag: -sines[k] / 2)
            c[n - k] = .init(real: cosines[k] / 2, imag: sines[k] / 2)
        }
        let lead = c[size]
        let norm = lead.real * lead.real + lead.imag * lead.imag
        var matrix = [LAPACKComplex](repeating: .init(), count: size * size)
        for j in 1..<max(size, 1) { matrix[j * size + j - 1].real = 1 }
        for j in 0..<size {
            let p = c[j]
            matrix[j * size + size - 1] = .init(
                real: -(p.real * lead.real + p.imag * lead.imag) / norm,
                imag: -(p.imag * lead.real - p.real * lead.imag) / norm)
        }
        var values = [LAPACKComplex](repeating: .init(), count: size)
        let no = CChar(UInt8(ascii: "N"))
        LinearAlgebraLibrary.prepare()
        let info = LAPACKE_zgeev(
            LAPACK_ROW_MAJOR, no, no, Int32(size), &matrix, Int32(size), &values, nil, 1, nil, 1)
        guard info == 0 else { throw .noConvergence(routine: "zgeev") }
        return values
    }
}
