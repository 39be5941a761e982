import Foundation
import NumericalMethods
import Testing

/// Reaches `IsolatedZeros`, `StationaryPoint`.
@Suite("Certified scans")
struct CertifiedScanTests {
    static func polynomial(_ number: UInt64) -> TrigonometricPolynomial {
        var random = RandomStream(seed: 71, index: number)
        let degree = 1 + random.index(below: 24)
        return TrigonometricPolynomial(
            cosines: (0...degree).map { _ in random.normal() },
            sines: (0...degree).map { _ in random.normal() })
    }

    @Test(
        "of 1,000 random trigonometric polynomials every stationary point is the companion matrix's, none more"
    )
    func companion() throws {
        var (right, points) = (0, 0)
        for number in 0..<1000 {
            let f = Self.polynomial(UInt64(number))
            let scan = CertifiedScan.exact(f)
            let roots = try f.derivative.realRoots()
            let curvature = f.derivative.derivative
            let range = (scan.samples.map(\.value).max() ?? 0) - (scan.samples.map(\.value).min() ?? 0)
            // What the law promises: apart from their neighbours, and not flat.
            func isPromised(_ k: Int) -> Bool {
                let next = roots[(k + 1) % roots.count] + (k + 1 == roots.count ? 1 : 0) - roots[k]
                let last = roots[k] - roots[(k + roots.count - 1) % roots.count] + (k == 0 ? 1 : 0)
                return min(next, last) >= 1e-4 && abs(curvature.value(at: roots[k])) >= 1e-6 * range
            }
            let promised = roots.indices.filter(isPromised).map { roots[$0] }
            let found = promised.allSatisfy { root in
                scan.points.contains {
                    abs($0.position - root) < 1e-9
                        && ($0.kind == .minimum) == (curvature.value(at: root) > 0)
                }
            }
            let invented = scan.points.contains { point in
                !roots.contains { abs($0 - point.position) < 1e-7 || abs($0 + 1 - point.position) < 1e-7 }
            }
            points += scan.points.count
            if found && !invented && (promised.count < roots.count || scan.points.count == roots.count) {
                right += 1
            }
        }
        #expect(right == 1000)
        #expect(points > 10_000)
    }

    @Test("minima and maxima alternate around the period")
    func alternation() {
        for number in 1000..<1100 {
            let kinds = CertifiedScan.exact(Self.polynomial(UInt64(number))).points.map(\.kind)
            #expect(kinds.count % 2 == 0)
            #expect(zip(kinds, kinds.dropFirst()).allSatisfy { $0 != $1 })
        }
    }

    @Test("two zeros of the slope closer than the resolution are reported as one cluster that holds both")
    func clusters() throws {
        for number in 0..<200 {
            var random = RandomStream(seed: 5, index: UInt64(number))
            let (place, half) = (0.1 + 0.8 * random.uniform(), pow(10, random.uniform(-9, -4.5)))
            // cos 2π(x − place) − cos 2π half: zeros at place ± half, and nowhere else.
            let angle = 2 * Double.pi * place
            let pair = TrigonometricPolynomial(
                cosines: [-cos(2 * .pi * half), cos(angle)], sines: [0, sin(angle)])
            let scan = CertifiedScan.exact(sign: pair) { (0, pair.value(at: $0)) }
            #expect(scan.clusters.count == 1, "half distance \(half)")
            let cluster = try #require(scan.clusters.first)
            #expect(cluster.lowerBound < place + 1e-7 && cluster.upperBound > place - 1e-7)
            #expect(cluster.upperBound - cluster.lowerBound < 1e-4)
            #expect(scan.points.allSatisfy { !$0.isIsolated })
            #expect(!scan.points.isEmpty)
        }
    }

    @Test("with proven bounds on the derivatives the bounded scan finds the same points as the exact one")
    func bounded() {
        for number in 0..<50 {
            let f = Self.polynomial(UInt64(number))
            let (slope, curvature) = (f.derivative, f.derivative.derivative)
            let exact = CertifiedScan.exact(f)
            let scan = CertifiedScan.bounded(
                in: 0...1, secondDerivative: curvature.coefficientSum,
                thirdDerivative: curvature.derivative.coefficientSum
            ) { (f.value(at: $0), slope.value(at: $0), curvature.value(at: $0)) }
            #expect(scan.points.count == exact.points.count)
            #expect(
                zip(scan.points, exact.points).allSatisfy { abs($0.position - $1.position) < 1e-9 })
        }
    }

    @Test("sampled with sixteen points a wave, the heuristic scan finds the same points as the exact one")
    func heuristic() {
        var right = 0
        for number in 0..<200 {
            let f = Self.polynomial(UInt64(number))
            let slope = f.derivative
            let exact = CertifiedScan.exact(f)
            let scan = CertifiedScan.heuristic(in: 0...1, step: 1 / Double(16 * f.degree)) {
                (f.value(at: $0), slope.value(at: $0))
            }
            if scan.points.count == exact.points.count,
                zip(scan.points, exact.points).allSatisfy({
                    abs($0.position - $1.position) < 1e-8 && $0.kind == $1.kind
                })
            {
                right += 1
            }
        }
        #expect(right >= 198)
    }

    @Test("a function without a slope has no stationary points to report")
    func flat() {
        let f = TrigonometricPolynomial(cosines: [3, 0], sines: [0, 0])
        #expect(CertifiedScan.exact(f).points.isEmpty)
    }
}
