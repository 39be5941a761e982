import Foundation
import NumericalMethods
import Symmetry
import Testing

@Suite struct ReflectionConditionsTests {
    /// F_h of generic atoms on the general position vanishes for exactly the reflections said to be absent.
    @Test func absentIsWhatTheStructureFactorSays() {
        let atoms = [
            SIMD3(0.1377, 0.2193, 0.3417), SIMD3(0.4231, 0.0719, 0.1553), SIMD3(0.0423, 0.3871, 0.2719),
        ]
        var random = RandomStream(seed: 3)
        let samples = ProcessInfo.processInfo.environment["WYCKOFF_LAWS"] == nil ? 12 : 400
        for hall in 1...530 {
            guard let group = SpaceGroup(hallNumber: hall) else { continue }
            let conditions = ReflectionConditions(group)
            for _ in 0..<samples {
                // Zones and axes, where the conditions are.
                var h = SIMD3(
                    random.index(below: 7) - 3, random.index(below: 7) - 3, random.index(below: 7) - 3)
                if random.index(below: 2) == 0 { h[random.index(below: 3)] = 0 }
                if random.index(below: 3) == 0 { h.y = h.x }
                var real = 0.0
                var imaginary = 0.0
                for (index, atom) in atoms.enumerated() {
                    for operation in group.operations {
                        let phase = 2 * Double.pi * SIMD3<Double>(h).dot(operation.apply(to: atom))
                        real += Double(index + 2) * cos(phase)
                        imaginary += Double(index + 2) * cos(phase - .pi / 2)
                    }
                }
                let size = (real * real + imaginary * imaginary).squareRoot() / Double(group.order)
                #expect((size < 1e-9) == conditions.isAbsent(h), "\(group) \(h) \(size)")
            }
        }
    }
}
