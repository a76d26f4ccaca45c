// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Reads every packet of a capture file by pcap_dispatch and does nothing with it; the number of
/// packets, or -1.
long kuzet_empty_loop(const char *path);
