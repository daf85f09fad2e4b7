"""Screens: Streamlit pages, light HTML routes, middleware and words."""
