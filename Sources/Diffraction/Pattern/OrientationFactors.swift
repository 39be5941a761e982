import NumericalMethods
import Symmetry

/// The March–Dollase factor of every reflection: the mean over its equivalents of
/// (r² cos²α + sin²α/r)^(−3/2), α between the equivalent and the preferred plane's normal.
struct OrientationFactors {
    let plane: SIMD3<Int>
    private let equivalents: [[SIMD3<Double>]]
    private(set) var values: [Double]
    /// ∂O/∂r.
    private(set) var byRatio: [Double]
    /// ∂O/∂G*, symmetric: dO = Σ_ij M_ij dG*_ij.
    private(set) var byMetric: [Matrix3]

    init(plane: SIMD3<Int>, reflections: ReflectionList, operations: [SymmetryOperation]) {
        self.plane = plane
        let rotations = Array(Set(operations.map(\.rotation)))
        // α and π − α count alike, so that Friedel mates need not be listed.
        equivalents = reflections.indices.map { index in
            Array(Set(rotations.map { index * $0 })).map { SIMD3<Double>($0) }
                .sorted { ($0.x, $0.y, $0.z) < ($1.x, $1.y, $1.z) }
        }
        values = [Double](repeating: 1, count: equivalents.count)
        byRatio = [Double](repeating: 0, count: equivalents.count)
        byMetric = [Matrix3](repeating: .zero, count: equivalents.count)
    }

    mutating func update(ratio r: Double, reciprocalMetric g: Matrix3) {
        let p = SIMD3<Double>(plane)
        let gp = g * p
        let pp = p.dot(gp)
        for h in values.indices {
            var (value, slope) = (0.0, 0.0)
            var metric = Matrix3.zero
            for e in equivalents[h] {
                let ge = g * e
                let (pe, ee) = (p.dot(ge), e.dot(ge))
                let cosineSquared = pe * pe / (pp * ee)
                let base = r * r * cosineSquared + (1 - cosineSquared) / r
                let power = 1 / (base * base.squareRoot())
                value += power
                slope += -1.5 * power / base * (2 * r * cosineSquared - (1 - cosineSquared) / (r * r))
                let byCosine = -1.5 * power / base * (r * r - 1 / r)
                // d(pe²/(pp ee)) = 2 pe/(pp ee) p dG e − c/pp p dG p − c/ee e dG e.
                let cross = byCosine * pe / (pp * ee)
                metric = metric + cross * (Self.outer(p, e) + Self.outer(e, p))
                metric =
                    metric
                    - byCosine * cosineSquared * ((1 / pp) * Self.outer(p, p) + (1 / ee) * Self.outer(e, e))
            }
            let n = Double(equivalents[h].count)
            values[h] = value / n
            byRatio[h] = slope / n
            byMetric[h] = (1 / n) * metric
        }
    }

    private static func outer(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> Matrix3 {
        Matrix3(rows: b * a.x, b * a.y, b * a.z)
    }
}

extension Matrix3 {
    /// Σ_ij a_ij b_ij.
    func contracted(with other: Matrix3) -> Double {
        rows.0.dot(other.rows.0) + rows.1.dot(other.rows.1) + rows.2.dot(other.rows.2)
    }
}
