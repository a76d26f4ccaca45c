#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes captures/NAME.oracle.tsv from the long oracle tables of a folder.

usage: make_oracles.py FOLDER

FOLDER holds, at any depth, NAME.oracle.json for captures: every figure as tshark and scripts over
its fields gave it. Here one line is left for each stream of ten packets or more. `-` is unknown
or not to be compared. A fixture without a table in FOLDER keeps the oracle that it has.
"""
import glob
import json
import os
import statistics
import sys

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "captures")
COLUMNS = """source destination ssrc vlan channel transport payload_type codec clock received duplicate
late expected lost restarts jitter_mean jitter_max frames fps_arrival fps_media ip_bps payload_bps
width height dscp clock_offset ts_packets""".split()
CODECS = {
    "H264": "h264", "H265": "h265", "HEVC": "h265", "JPEG": "mjpeg", "MP4V-ES": "mpeg4",
    "MP2T": "mp2t",
}
LEAST_PACKETS = 10
# A sender whose clock is years off or steps has none to compare with.
CLOCK_SPREAD_MS, CLOCK_LIMIT_MS = 1000, 10 * 365 * 86_400_000
# Captures where more streams may be found than tshark finds, and why.
OPEN = {
    "corrupt_bytes.pcap": "corrupt SSRCs make streams of a packet each",
    "snap96_rtsp_tcp_h264_1080p25.pcap": "tshark cannot follow interleaved frames that are cut",
    "ipfixprobe__rtsp.pcap": "too short for tshark to tell",
    "trex-core__rtsp_short.pcap": "too short for tshark to tell",
    "trex-core__Voice_calls_rtp_only.pcap": "telephone calls: what else is in it is not ours",
    "vlc_server_ffmpeg_client.pcapng": "tshark was told which port to decode",
}


def load(path):
    with open(path) as file:
        return json.load(file)


def clock_offsets(table):
    """Median of sender clock less arrival, by SSRC."""
    heard = {}
    for report in (table.get("rtcp") or {}).get("sr", []):
        if report.get("ntp_minus_arrival_ms") is not None:
            heard.setdefault(int(report["ssrc"], 16), []).append(report["ntp_minus_arrival_ms"])
    return {
        ssrc: statistics.median(values)
        for ssrc, values in heard.items()
        if abs(statistics.median(values)) <= CLOCK_LIMIT_MS
        and max(values) - min(values) <= CLOCK_SPREAD_MS
    }


def stream_row(stream, table, offsets):
    packets, rfc, frames = stream["packets"], stream["rfc3550"], stream["frames"]
    bitrate, encoding = stream["bitrate"], stream.get("encoding")
    is_ts = encoding == "MP2T" or stream.get("payload_type") == 33
    in_udp = stream["transport"] == "udp" and stream.get("interleaved_channel") is None
    channel = stream.get("interleaved_channel")
    row = {
        "source": stream["src"], "destination": stream["dst"], "ssrc": stream["ssrc"],
        "vlan": stream.get("vlan"), "channel": None if channel is None else int(str(channel), 0),
        "transport": stream["transport"], "payload_type": stream.get("payload_type"),
        "codec": CODECS.get(encoding), "clock": stream.get("clock_rate"),
        "received": packets["value"], "duplicate": packets["duplicates"],
        "late": packets["late_seq_below_max"], "expected": rfc["expected"],
        "lost": rfc["lost_unique"], "restarts": rfc["n_resets"],
        "payload_bps": thousand(bitrate["rtp_payload_kbps"]),
        "ip_bps": thousand(bitrate["ip_kbps"]) if in_udp else None,
        "dscp": ",".join(f"{code}:{count}" for code, count in stream["dscp_packets"].items()),
        "clock_offset": offsets.get(int(stream["ssrc"], 16)),
    }
    if stream.get("clock_rate"):
        row["jitter_mean"], row["jitter_max"] = rfc["jitter_mean_ms"], rfc["jitter_max_ms"]
    if not is_ts:
        row["frames"] = frames["distinct_timestamps"]
        row["fps_arrival"], row["fps_media"] = frames["fps_by_arrival"], frames["fps_by_timestamp"]
    source = table.get("source") or {}
    if isinstance(source, dict) and encoding in CODECS and not is_ts:
        row["width"], row["height"] = source.get("width"), source.get("height")
    return row


def thousand(number):
    return round(number * 1000) if number else None


def rows(table, base):
    """The streams of a table; `base` is that of the capture it was derived from, if any."""
    table = {"source": base.get("source")} | {k: v for k, v in table.items() if v is not None}
    offsets = clock_offsets(table)
    found = [
        stream_row(stream, table, offsets)
        for stream in table.get("rtp_streams", [])
        if stream["packets"]["value"] >= LEAST_PACKETS
    ]
    for ts in table.get("mpegts", []):
        ends = (ts["src"], ts["dst"])
        same = next((r for r in found if (r["source"], r["destination"]) == ends), None)
        if same is None:
            same = {"source": ts["src"], "destination": ts["dst"], "transport": "udp", "codec": "mp2t"}
            found.append(same)
            same["ip_bps"] = thousand(ts["ip_kbps"])
        same["ts_packets"] = ts["ts_packets"]
    return found


def main():
    tables = {
        os.path.basename(path)[: -len(".oracle.json")]: path
        for path in glob.glob(os.path.join(sys.argv[1], "**", "*.oracle.json"), recursive=True)
    }
    for capture in sorted(os.listdir(HERE)):
        if capture.endswith(".tsv"):
            continue
        name = capture.removesuffix(".gz")
        if name not in tables:
            print(f"{capture}: no table in {sys.argv[1]}; its oracle stays as it is")
            continue
        table = load(tables[name])
        origin = (table.get("truth") or {}).get("base")
        base = load(tables[origin]) if isinstance(origin, str) and origin in tables else {}
        with open(os.path.join(HERE, name + ".oracle.tsv"), "w") as out:
            if name in OPEN:
                out.write(f"# more streams may be found: {OPEN[name]}\n")
            out.write("\t".join(COLUMNS) + "\n")
            for row in rows(table, base):
                cells = (row.get(column) for column in COLUMNS)
                out.write("\t".join("-" if c in (None, "") else str(c) for c in cells) + "\n")


main()
