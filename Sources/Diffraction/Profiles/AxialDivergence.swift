import Foundation

/// Asymmetry by axial divergence (Finger, Cox & Jephcoat, J. Appl. Cryst. 27 (1994) 892): a peak at 2θ is spread
/// over the angles δ with cosδ = cos2θ √(1 + h²), h the axial offset over the radius of the diffractometer, weighted
/// with the overlap of sample and slit and with 1/(cos²δ sinδ).
///
/// Where the beam before the sample diverges as well, by β out of the plane, the angles are those with
/// cosδ = (cos2θ √(1 + h²) − h sinβ)/cosβ for both signs of h, and every β counts as a Soller slit lets it through:
/// a triangle (Cheary & Coelho, J. Appl. Cryst. 31 (1998) 851).
public struct AxialDivergence: Sendable, Hashable {
    /// S/L: half-height of the illuminated sample over the diffractometer's radius.
    public var sample: Double
    /// H/L: half-height of the detector's slit over the radius.
    public var slit: Double
    /// Gauss–Legendre points on each of the two pieces of the overlap.
    public var points: Int
    /// Largest angle out of the plane that the Soller slit before the sample lets through, degrees; 0 for a parallel
    /// beam. A fixed number, not a parameter.
    public var incident: Double

    /// - `points`: 12, or 5 where the incident beam smooths what is between them.
    public init(sample: Double, slit: Double, incident: Double = 0, points: Int? = nil) {
        self.sample = sample
        self.slit = slit
        self.incident = incident
        self.points = points ?? (incident > 0 ? 5 : 12)
    }

    /// Copies that a peak is made of.
    var nodeCount: Int { 2 * points * (incident > 0 ? 2 * Self.incidentQuadrature.points.count : 1) }

    /// Of β over its largest value.
    static let incidentQuadrature = AxialSpread.Quadrature(count: 4)
}

/// The spread of one peak as a weighted set of shifted copies, with derivatives.
struct AxialSpread {
    struct Node {
        /// Degrees 2θ beside the peak's position.
        var offset = 0.0
        /// The weights of a spread add up to one.
        var weight = 0.0
        /// With respect to 2θ (degrees), S/L, H/L.
        var offsetDerivatives = SIMD3<Double>.zero
        var weightDerivatives = SIMD3<Double>.zero
    }

    /// Points and weights of Gauss–Legendre quadrature on [0, 1].
    struct Quadrature {
        let points: [Double]
        let weights: [Double]

        init(count: Int) {
            var points: [Double] = []
            var weights: [Double] = []
            for k in 0..<count {
                var x = cos(.pi * (Double(k) + 0.75) / (Double(count) + 0.5))
                var slope = 1.0
                for _ in 0..<50 {
                    var (p, previous) = (1.0, 0.0)
                    for j in 0..<count {
                        (p, previous) = (
                            (Double(2 * j + 1) * x * p - Double(j) * previous) / Double(j + 1), p
                        )
                    }
                    slope = Double(count) * (x * p - previous) / (x * x - 1)
                    let step = p / slope
                    x -= step
                    if abs(step) < 1e-15 { break }
                }
                points.append(0.5 * (1 - x))
                weights.append(1 / ((1 - x * x) * slope * slope))
            }
            self.points = points
            self.weights = weights
        }
    }

    /// Spreads the first `count` of the nodes by a flat sample in a beam of full divergence β (radians) as well: the
    /// share t of the half angle shifts by −t² β² cotθ/2. The nodes after them are written; there are
    /// `quadrature.points.count` times as many in the end.
    static func spread(
        _ nodes: UnsafeMutableBufferPointer<Node>, count: Int, twoTheta t: Double, divergence: Double,
        quadrature: Quadrature
    ) {
        let (sine, cosine) = (sin(t / 2), cos(t / 2))
        let half = divergence * divergence / 2
        // From the last copy on, because the first is what the others are made of.
        for k in quadrature.points.indices.reversed() {
            let square = quadrature.points[k] * quadrature.points[k]
            let offset = -square * half * cosine / sine * 180 / .pi
            // By 2θ in degrees: the two factors of 180/π cancel.
            let slope = square * half / (2 * sine * sine)
            for i in 0..<count {
                var node = nodes[i]
                node.offset += offset
                node.offsetDerivatives.x += slope
                node.weight *= quadrature.weights[k]
                node.weightDerivatives *= quadrature.weights[k]
                nodes[k * count + i] = node
            }
        }
    }

    /// Writes `axial.nodeCount` nodes for a peak at `twoTheta` (radians).
    static func fill(
        _ nodes: UnsafeMutableBufferPointer<Node>, twoTheta t: Double, axial: AxialDivergence,
        quadrature: Quadrature
    ) {
        let (s, h) = (max(axial.sample, 0), max(axial.slit, 0))
        let count = quadrature.points.count
        let cosine = cos(t)
        // √(1 + h²) cos2θ must stay below 1: at very low angles the beam's edge misses the detector's circle.
        let largest = 0.98 * abs(tan(t))
        let end = min(s + h, largest)
        guard end > 1e-7 else {
            for k in nodes.indices { nodes[k] = Node(weight: 1 / Double(nodes.count)) }
            return
        }
        let isClipped = end < s + h
        let corner = min(abs(h - s), end)
        let sign = h >= s ? 1.0 : -1.0
        // Lanes: 2θ, S/L, H/L.
        let cornerSlope = isClipped && corner == end ? SIMD3<Double>.zero : SIMD3(0, -sign, sign)
        let endSlope = isClipped ? SIMD3<Double>.zero : SIMD3(0, 1, 1)
        let incident = AxialDivergence.incidentQuadrature
        let largestIncident = axial.incident * .pi / 180
        let beams = axial.incident > 0 ? 2 * incident.points.count : 1
        var total = 0.0
        var totalSlope = SIMD3<Double>.zero
        for piece in 0..<2 {
            let length = piece == 0 ? corner : end - corner
            let lengthSlope = piece == 0 ? cornerSlope : endSlope - cornerSlope
            for k in 0..<count {
                let x = quadrature.points[k]
                let offset = piece == 0 ? corner * x : corner + length * x
                let offsetSlope = piece == 0 ? cornerSlope * x : cornerSlope + lengthSlope * x
                let overlap = piece == 0 ? 2 * min(s, h) : s + h - offset
                let overlapSlope =
                    piece == 0 ? (h >= s ? SIMD3(0, 2, 0) : SIMD3(0, 0, 2)) : SIMD3(0, 1, 1) - offsetSlope
                let stretch = 1 + offset * offset
                let root = stretch.squareRoot()
                let share = quadrature.weights[k] * length * overlap / stretch
                let shareSlope =
                    quadrature.weights[k] / stretch * (overlap * lengthSlope + length * overlapSlope)
                    - share * (2 * offset / stretch) * offsetSlope
                for n in 0..<beams {
                    let beam = beams == 1 ? 0 : n / 2
                    let angle = beams == 1 ? 0 : largestIncident * incident.points[beam]
                    let density = beams == 1 ? 1 : incident.weights[beam] * (1 - incident.points[beam])
                    let signed = n % 2 == 0 ? offset : -offset
                    let (sineOut, cosineOut) = (sin(angle), cos(angle))
                    let projected = (cosine * root - signed * sineOut) / cosineOut
                    let index = (piece * count + k) * beams + n
                    guard abs(projected) < 1 - 1e-7 else {
                        nodes[index] = Node()
                        continue
                    }
                    let delta = acos(projected)
                    let sine = sin(delta)
                    let byOffset = (cosine * offset / root - (signed < 0 ? -1 : 1) * sineOut) / cosineOut
                    var deltaSlope = (-byOffset / sine) * offsetSlope
                    deltaSlope.x += sin(t) * root / (cosineOut * sine) * (.pi / 180)
                    let weight = density * share / sine
                    let weightSlope = density / sine * shareSlope - (weight * cos(delta) / sine) * deltaSlope
                    total += weight
                    totalSlope += weightSlope
                    nodes[index] = Node(
                        offset: (delta - t) * 180 / .pi, weight: weight,
                        offsetDerivatives: deltaSlope * (180 / .pi) - SIMD3(1, 0, 0),
                        weightDerivatives: weightSlope)
                }
            }
        }
        for k in nodes.indices {
            nodes[k].weight /= total
            nodes[k].weightDerivatives = (nodes[k].weightDerivatives - nodes[k].weight * totalSlope) / total
        }
    }
}
