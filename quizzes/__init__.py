"""Quizzes and scenarios: the item bank, drawing, attempts and grading."""
