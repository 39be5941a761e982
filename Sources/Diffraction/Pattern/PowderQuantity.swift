import Crystallography
import NumericalMethods
import Parameterization

/// What a parameter of a powder model is.
enum PowderQuantity: Sendable, Hashable {
    case zero, displacement, transparency, absorption
    case width(Int)
    /// S/L, H/L.
    case axial(Int)
    case background(Int)
    case scale(phase: Int)
    case overallB(phase: Int)
    case size(phase: Int)
    case strain(phase: Int)
    case march(phase: Int)
    /// S of an invariant form, and the Lorentzian share.
    case microstrain(phase: Int, Int)
    case microstrainShare(phase: Int)
    /// C of a harmonic of the texture.
    case texture(phase: Int, Int)
    case lattice(phase: Int, Int)
    case coordinate(phase: Int, orbit: Int, Int)
    case b(phase: Int, orbit: Int)
    case u(phase: Int, orbit: Int, DisplacementDirection)
    case occupancy(phase: Int, orbit: Int, occupant: Int)
}

extension PowderQuantity {
    /// The phase that it belongs to; nil for the instrument's and the background's.
    var phase: Int? {
        switch self {
        case .zero, .displacement, .transparency, .absorption, .width, .axial, .background: nil
        case .scale(let p), .overallB(let p), .size(let p), .strain(let p), .march(let p), .lattice(let p, _),
            .coordinate(let p, _, _), .b(let p, _), .u(let p, _, _), .occupancy(let p, _, _),
            .microstrain(let p, _), .microstrainShare(let p), .texture(let p, _):
            p
        }
    }

    /// Whether positions, widths or angular factors of peaks follow it, and not their structure factors alone.
    var movesPeaks: Bool {
        switch self {
        case .coordinate, .b, .u, .occupancy, .scale, .background: false
        default: true
        }
    }
}

extension PowderModel.Phase {
    /// A quantity of this phase; 0 for the instrument's.
    func value(of quantity: PowderQuantity) -> Double {
        switch quantity {
        case .scale: return scale
        case .overallB: return overallB
        case .size: return size
        case .strain: return strain
        case .march: return preferredOrientation?.ratio ?? 1
        case .microstrain(_, let k): return microstrain?.values[k] ?? 0
        case .texture(_, let k): return texture?.values[k] ?? 0
        case .microstrainShare: return microstrain?.lorentzianShare ?? 1
        case .lattice(_, let k): return structure.latticeParameters.values[k]
        case .coordinate(_, let orbit, let k): return structure.orbits[orbit].coordinates[k]
        case .b(_, let orbit):
            if case .isotropic(let b) = structure.orbits[orbit].displacement { return b }
            return 0
        case .u(_, let orbit, let direction):
            guard case .anisotropic(let u) = structure.orbits[orbit].displacement else { return 0 }
            return u[direction.row, direction.column]
        case .occupancy(_, let orbit, let occupant):
            return structure.orbits[orbit].occupants[occupant].occupancy
        default: return 0
        }
    }

    mutating func set(_ quantity: PowderQuantity, to value: Double) {
        switch quantity {
        case .scale: scale = value
        case .overallB: overallB = value
        case .size: size = value
        case .strain: strain = value
        case .march: preferredOrientation?.ratio = value
        case .microstrain(_, let k): microstrain?.values[k] = value
        case .texture(_, let k): texture?.values[k] = value
        case .microstrainShare: microstrain?.lorentzianShare = value
        case .lattice(_, let k): structure.latticeParameters.values[k] = value
        case .coordinate(_, let orbit, let k): structure.orbits[orbit].coordinates[k] = value
        case .b(_, let orbit): structure.orbits[orbit].displacement = .isotropic(b: value)
        case .u(_, let orbit, let direction):
            guard case .anisotropic(var u) = structure.orbits[orbit].displacement else { return }
            u = u + (value - u[direction.row, direction.column]) * direction.matrix
            structure.orbits[orbit].displacement = .anisotropic(u: u)
        case .occupancy(_, let orbit, let occupant):
            structure.orbits[orbit].occupants[occupant].occupancy = value
        default: break
        }
    }
}
