import Foundation

/// All stationary points of a smooth function of one variable on an interval, with the certificate that none is
/// missing.
package struct CertifiedScan: Sendable {
    package let domain: ClosedRange<Double>
    package let certificate: ScanCertificate
    /// Ascending.
    package let points: [StationaryPoint]
    /// Stretches where stationary points lie closer together than the scan's resolution, or where it could not tell
    /// one from several.
    package let clusters: [ClosedRange<Double>]
    /// The curve as it was sampled, ascending; closed at both ends.
    package let samples: [ScanSample]
    /// How often the function was evaluated.
    package let evaluations: Int

    init(
        domain: ClosedRange<Double>, certificate: ScanCertificate, points: [StationaryPoint],
        clusters: [ClosedRange<Double>], samples: [ScanSample], evaluations: Int
    ) {
        (self.domain, self.certificate, self.points) = (domain, certificate, points)
        (self.clusters, self.samples, self.evaluations) = (clusters, samples, evaluations)
    }

    package var minima: [StationaryPoint] { points.filter { $0.kind == .minimum } }
    package var maxima: [StationaryPoint] { points.filter { $0.kind == .maximum } }

    /// Stationary points of f = h(P), whose derivative has the sign of a trigonometric polynomial.
    ///
    /// Intervals are halved until Taylor's theorem, with bounds from the coefficients, proves that they hold no zero
    /// of the polynomial or that it is monotone there (Moore, Kearfott & Cloud, Introduction to Interval Analysis,
    /// 2009, ch. 8).
    /// - Parameters:
    ///   - sign: of period 1; has the sign of f′ everywhere.
    ///   - isPeriodic: a point at both ends of the domain stands once.
    ///   - resolution: stationary points closer than this are reported as a cluster.
    ///   - evaluate: f and f′.
    package static func exact(
        sign: TrigonometricPolynomial, domain: ClosedRange<Double> = 0...1, isPeriodic: Bool = true,
        resolution: Double = 1e-4, evaluate: (Double) -> (value: Double, slope: Double)
    ) -> CertifiedScan {
        let slope = sign.derivative
        let places = IsolatedZeros(
            of: { (sign.value(at: $0), slope.value(at: $0)) },
            firstDerivative: slope.coefficientSum, secondDerivative: slope.derivative.coefficientSum,
            noise: 4e-16 * Double(sign.degree + 1) * sign.coefficientSum, in: domain,
            pieces: 4 * sign.degree + 4, narrowest: 1e-11, limit: 2_000_000)
        let step = (domain.upperBound - domain.lowerBound) / Double(max(64, 16 * sign.degree))
        return assembled(
            places, domain: domain, certificate: .exact(degree: sign.degree), resolution: resolution,
            step: step, isPeriodic: isPeriodic, evaluate)
    }

    /// Stationary points of a trigonometric polynomial on [0, 1).
    package static func exact(_ f: TrigonometricPolynomial, resolution: Double = 1e-4) -> CertifiedScan {
        let derivative = f.derivative
        return exact(sign: derivative, resolution: resolution) {
            (f.value(at: $0), derivative.value(at: $0))
        }
    }

    /// Stationary points of a function whose second and third derivatives are bounded by constants that the caller
    /// has proven.
    ///
    /// - Parameters:
    ///   - curvature: f″, with the evaluation of f and f′.
    ///   - limit: the most evaluations; where they do not suffice, what is left undecided stands among the clusters.
    package static func bounded(
        in domain: ClosedRange<Double>, secondDerivative: Double, thirdDerivative: Double,
        resolution: Double? = nil, limit: Int = 2_000_000,
        evaluate: (Double) -> (value: Double, slope: Double, curvature: Double)
    ) -> CertifiedScan {
        let length = domain.upperBound - domain.lowerBound
        let scale = secondDerivative * length
        let places = IsolatedZeros(
            of: { x in
                let point = evaluate(x)
                return (point.slope, point.curvature)
            },
            firstDerivative: secondDerivative, secondDerivative: thirdDerivative, noise: 1e-15 * scale,
            in: domain, pieces: 16, narrowest: 1e-11 * length, limit: limit)
        return assembled(
            places, domain: domain, certificate: .bounded(secondDerivative: secondDerivative),
            resolution: resolution ?? 1e-4 * length, step: length / 512, isPeriodic: false
        ) { x in
            let point = evaluate(x)
            return (point.value, point.slope)
        }
    }

    private static func assembled(
        _ zeros: IsolatedZeros, domain: ClosedRange<Double>, certificate: ScanCertificate,
        resolution: Double, step: Double, isPeriodic: Bool,
        _ evaluate: (Double) -> (value: Double, slope: Double)
    ) -> CertifiedScan {
        let length = domain.upperBound - domain.lowerBound
        var places = zeros.places
        if isPeriodic, let last = places.last, last.position >= domain.upperBound - 1e-10 * length {
            // The point at the end is the one at the beginning.
            if let first = places.first, first.position <= domain.lowerBound + 1e-10 * length {
                places.removeLast()
            }
        }
        var points = places.map { place in
            let point = evaluate(place.position)
            // The curvature by a difference of slopes, well inside the distance to the next point.
            let h = 1e-6 * length
            let curvature =
                (evaluate(place.position + h).slope - evaluate(place.position - h).slope) / (2 * h)
            return StationaryPoint(
                position: place.position, value: point.value, curvature: curvature,
                kind: place.change > 0 ? .minimum : place.change < 0 ? .maximum : .shelf,
                isIsolated: place.isProven)
        }
        let clusters = Self.clusters(
            &points, unresolved: places.filter { !$0.isProven }.map(\.interval), resolution: resolution)
        let count = max(1, Int((length / step).rounded(.up)))
        let samples = (0...count).map { k -> ScanSample in
            let x = domain.lowerBound + length * Double(k) / Double(count)
            let point = evaluate(x)
            return ScanSample(position: x, value: point.value, slope: point.slope)
        }
        return CertifiedScan(
            domain: domain, certificate: certificate, points: points, clusters: clusters, samples: samples,
            evaluations: zeros.evaluations + count + 1 + 3 * points.count)
    }

    /// Marks points that lie within `resolution` of a neighbour and returns the stretches that they fill.
    static func clusters(
        _ points: inout [StationaryPoint], unresolved: [ClosedRange<Double>], resolution: Double
    ) -> [ClosedRange<Double>] {
        var stretches = unresolved
        for k in points.indices.dropLast()
        where points[k + 1].position - points[k].position < resolution {
            points[k].isIsolated = false
            points[k + 1].isIsolated = false
            stretches.append(points[k].position...points[k + 1].position)
        }
        stretches.sort { $0.lowerBound < $1.lowerBound }
        var merged: [ClosedRange<Double>] = []
        for stretch in stretches {
            if let last = merged.last, stretch.lowerBound <= last.upperBound + resolution {
                merged[merged.count - 1] =
                    last.lowerBound...max(last.upperBound, stretch.upperBound)
            } else {
                merged.append(stretch)
            }
        }
        return merged
    }
}

extension TrigonometricPolynomial {
    /// Σ |coefficients|: no value of the polynomial is larger.
    package var coefficientSum: Double {
        var sum = abs(cosines[0])
        for k in 1..<max(cosines.count, 1) { sum += hypot(cosines[k], sines[k]) }
        return sum
    }
}
