// SPDX-License-Identifier: Apache-2.0
import FuzzDriver
import Simulation

fuzz(FuzzBodies.frames)
