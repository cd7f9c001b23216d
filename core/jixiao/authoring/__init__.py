"""For those who write plugins: a distribution to begin with, and a doctor who looks at what is installed."""
