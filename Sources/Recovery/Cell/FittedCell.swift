import Diffraction
import Parameterization
import Refinement

/// A cell after free intensities were fitted in it.
package struct FittedCell: Sendable {
    package let fit: PawleyFit.Result
    package let reflections: ReflectionList

    package var lattice: LatticeParameters { fit.lattice }
    /// R of the net pattern that the best non-negative intensities leave.
    package var rwp: Double { fit.rwp }
}
